// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vitrine {

// What clamscan's long options say, under clamscan's names and defaults
// (reference: clamscan(1)); `--opt NAME=VALUE` sets one field each.
struct ScanOptions {
  // What to look into.
  bool normalize = true;
  bool scan_archive = true;
  bool scan_pe = true;
  bool scan_elf = true;
  bool scan_ole2 = true;
  bool scan_pdf = true;
  bool scan_swf = true;
  bool scan_html = true;
  bool scan_xmldocs = true;
  bool scan_hwp3 = true;
  bool scan_onenote = true;
  bool scan_mail = true;
  bool scan_image = true;
  bool scan_image_fuzzy_hash = true;

  // Heuristics.
  bool heuristic_alerts = true;
  bool alert_broken = false;
  bool alert_broken_media = false;
  bool alert_encrypted = false;
  bool alert_encrypted_archive = false;
  bool alert_encrypted_doc = false;
  bool alert_macros = false;
  bool alert_exceeds_max = false;
  bool alert_phishing_ssl = false;
  bool alert_phishing_cloak = false;
  bool alert_partition_intersection = false;
  bool phishing_sigs = true;
  bool phishing_scan_urls = true;
  bool detect_structured = false;
  uint32_t structured_ssn_format = 0;  // 0 normal, 1 stripped, 2 both.
  uint32_t structured_ssn_count = 3;
  uint32_t structured_cc_count = 3;
  uint32_t structured_cc_mode = 0;
  bool detect_pua = false;

  // Budgets; 0 means none. Sizes in bytes, times in ms. A budget that cuts a
  // scan short is reported, never silently clean.
  //
  // max_filesize also holds for the input itself once it was given by name;
  // else an input of any size has its raw bytes looked at.
  uint64_t max_filesize = uint64_t{100} << 20;
  bool max_filesize_given = false;
  uint64_t max_scansize = uint64_t{400} << 20;
  uint32_t max_files = 10000;
  uint32_t max_recursion = 17;
  uint32_t max_scantime_ms = 120000;
  uint32_t max_ratio = 250;  // Ours: unpacked bytes for a packed byte; applied
                             // from max_ratio_floor unpacked bytes on.
  uint64_t max_ratio_floor = uint64_t{16} << 20;
  uint64_t max_embeddedpe = uint64_t{40} << 20;
  uint64_t max_htmlnormalize = uint64_t{40} << 20;
  uint64_t max_htmlnotags = uint64_t{8} << 20;
  uint64_t max_scriptnormalize = uint64_t{20} << 20;
  uint64_t max_ziptypercg = uint64_t{1} << 20;
  uint32_t max_partitions = 50;
  uint32_t max_iconspe = 100;
  uint32_t max_rechwp3 = 16;
  uint32_t pcre_match_limit = 100000;
  uint32_t pcre_recmatch_limit = 2000;
  uint64_t pcre_max_filesize = uint64_t{100} << 20;

  // How to report.
  bool all_match = false;  // Go on after the first alert.
};

}  // namespace vitrine
