// SPDX-License-Identifier: Apache-2.0
#include "wire/settings.h"

#include <bit>
#include <type_traits>

#include "wire/decoder.h"
#include "wire/encoder.h"
#include "wire/limits.h"

namespace vitrine::wire {
namespace {

// A new option must be added below, or scanners would never hear of it.
static_assert(sizeof(ScanOptions) == 176,
              "ScanOptions changed: list the new field in EachOption()");

// Calls `visit` with every field, always in the same order.
template <typename Options, typename Visitor>
void EachOption(Options& o, Visitor visit) {
  visit(o.normalize), visit(o.scan_archive), visit(o.scan_pe);
  visit(o.scan_elf), visit(o.scan_ole2), visit(o.scan_pdf), visit(o.scan_swf);
  visit(o.scan_html), visit(o.scan_xmldocs), visit(o.scan_hwp3);
  visit(o.scan_onenote), visit(o.scan_mail), visit(o.scan_image);
  visit(o.scan_image_fuzzy_hash), visit(o.heuristic_alerts);
  visit(o.alert_broken), visit(o.alert_broken_media), visit(o.alert_encrypted);
  visit(o.alert_encrypted_archive), visit(o.alert_encrypted_doc);
  visit(o.alert_macros), visit(o.alert_exceeds_max);
  visit(o.alert_phishing_ssl), visit(o.alert_phishing_cloak);
  visit(o.alert_partition_intersection), visit(o.phishing_sigs);
  visit(o.phishing_scan_urls), visit(o.detect_structured);
  visit(o.structured_ssn_format), visit(o.structured_ssn_count);
  visit(o.structured_cc_count), visit(o.structured_cc_mode);
  visit(o.detect_pua), visit(o.max_filesize), visit(o.max_filesize_given);
  visit(o.max_scansize), visit(o.max_files), visit(o.max_recursion);
  visit(o.max_scantime_ms), visit(o.max_ratio), visit(o.max_ratio_floor);
  visit(o.max_embeddedpe), visit(o.max_htmlnormalize), visit(o.max_htmlnotags);
  visit(o.max_scriptnormalize), visit(o.max_ziptypercg);
  visit(o.max_partitions), visit(o.max_iconspe), visit(o.max_rechwp3);
  visit(o.pcre_match_limit), visit(o.pcre_recmatch_limit);
  visit(o.pcre_max_filesize), visit(o.all_match);
}

// A name, a type and a number.
constexpr uint64_t kExternalLeast = 4 + 1 + 1;

void PutExternal(Encoder& encoder, const External& value) {
  encoder.Put(static_cast<uint8_t>(value.index()));
  std::visit(
      [&](const auto& v) {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, std::string>) {
          encoder.PutText(v);
        } else if constexpr (std::is_same_v<T, bool>) {
          encoder.Put(static_cast<uint8_t>(v ? 1 : 0));
        } else {
          encoder.Put(std::bit_cast<uint64_t>(v));
        }
      },
      value);
}

External GetExternal(Decoder& decoder) {
  switch (decoder.Get<uint8_t>()) {
    case 0:
      return std::bit_cast<int64_t>(decoder.Get<uint64_t>());
    case 1:
      return std::bit_cast<double>(decoder.Get<uint64_t>());
    case 2: {
      const auto value = decoder.Get<uint8_t>();
      if (value > 1) decoder.Refuse();
      return value == 1;
    }
    case 3:
      return std::string(decoder.GetText(kSettingsMax));
    default:
      decoder.Refuse();
      return false;
  }
}

}  // namespace

Result<ByteVector> EncodeSettings(const Settings& settings) {
  ByteVector bytes;
  Encoder encoder(bytes);
  EachOption(settings.options, [&](auto field) {
    if constexpr (std::is_same_v<decltype(field), bool>) {
      encoder.Put(static_cast<uint8_t>(field ? 1 : 0));
    } else {
      encoder.Put(field);
    }
  });
  encoder.Put(static_cast<uint32_t>(settings.externals.size()));
  for (const auto& [name, value] : settings.externals) {
    encoder.PutText(name);
    PutExternal(encoder, value);
  }
  if (bytes.size() > kSettingsMax) {
    return Error{Code::kLimit, "the values of --define are too long"};
  }
  return bytes;
}

Result<Settings> DecodeSettings(Bytes bytes) {
  Decoder decoder(bytes);
  Settings settings;
  EachOption(settings.options, [&](auto& field) {
    if constexpr (std::is_same_v<decltype(field), bool&>) {
      const auto value = decoder.Get<uint8_t>();
      if (value > 1) decoder.Refuse();
      field = value == 1;
    } else {
      field = decoder.Get<std::remove_reference_t<decltype(field)>>();
    }
  });
  const uint32_t count = decoder.GetCount(kExternalLeast);
  for (uint32_t i = 0; i < count && !decoder.failed(); ++i) {
    std::string name(decoder.GetText(kSettingsMax));
    // Rising, as the encoder's map has them: one encoding for one value.
    if (!settings.externals.empty() &&
        name <= settings.externals.rbegin()->first) {
      decoder.Refuse();
    }
    settings.externals.insert_or_assign(std::move(name), GetExternal(decoder));
  }
  if (!decoder.Finished()) {
    return Error{Code::kInvalid, "damaged scan settings"};
  }
  return settings;
}

}  // namespace vitrine::wire
