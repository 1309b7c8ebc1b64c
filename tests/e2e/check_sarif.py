#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds a SARIF log against the parts of SARIF 2.1.0 that vitrine writes.

usage: check_sarif.py FILE RESULTS EXIT_CODE
Numbers in brackets are sections of the OASIS standard.
"""
import json
import re
import sys
from urllib.parse import urlsplit

TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"duplicate member in {keys}"
    return dict(pairs)


def check_location(location):
    physical = location["physicalLocation"]
    uri = physical["artifactLocation"]["uri"]  # [3.4.3] a valid URI reference.
    assert uri and not re.search(r"[^\x21-\x7e]|[<>\"{}|\\^`]", uri), uri
    assert not re.search(r"%(?![0-9A-Fa-f]{2})", uri), uri
    assert urlsplit(uri).scheme in ("", "file"), uri
    region = physical.get("region")
    if region:  # [3.30.2] a binary region.
        assert region["byteOffset"] >= 0 and region["byteLength"] >= 0
    for logical in location.get("logicalLocations", []):
        assert logical["fullyQualifiedName"]


def check_result(result, rules):
    index = result["ruleIndex"]  # [3.27.6]
    assert 0 <= index < len(rules)
    assert rules[index]["id"] == result["ruleId"]
    assert result["kind"] == "fail" and result["level"] in ("error", "warning")
    assert result["message"]["text"]
    assert len(result["locations"]) == 1
    for location in result["locations"]:
        check_location(location)
    prints = result["partialFingerprints"]  # [3.27.17]
    assert prints and all(isinstance(p, str) and p for p in prints.values())


def check_invocation(invocation, exit_code):
    assert isinstance(invocation["executionSuccessful"], bool)  # [3.20.14]
    assert invocation["exitCode"] == exit_code
    assert TIME.match(invocation["startTimeUtc"])
    assert TIME.match(invocation["endTimeUtc"])
    assert invocation["startTimeUtc"] <= invocation["endTimeUtc"]
    for note in invocation["toolExecutionNotifications"]:  # [3.58]
        assert note["level"] in ("none", "note", "warning", "error")
        assert note["message"]["text"] and note["descriptor"]["id"]
        for location in note["locations"]:
            check_location(location)
    return [note["descriptor"]["id"]
            for note in invocation["toolExecutionNotifications"]]


def main():
    path, results, exit_code = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with open(path, encoding="utf-8") as file:
        log = json.load(file, object_pairs_hook=no_duplicates)
    assert log["version"] == "2.1.0" and "sarif-schema-2.1.0" in log["$schema"]
    assert len(log["runs"]) == 1
    run = log["runs"][0]
    driver = run["tool"]["driver"]  # [3.18]
    assert driver["name"] and re.match(r"^\d+\.\d+\.\d+", driver["semanticVersion"])
    rules = driver["rules"]
    identifiers = [rule["id"] for rule in rules]
    assert len(identifiers) == len(set(identifiers))
    assert all(rule["shortDescription"]["text"] for rule in rules)
    assert len(run["results"]) == results, len(run["results"])
    for result in run["results"]:
        check_result(result, rules)
    assert len(run["invocations"]) == 1
    kinds = check_invocation(run["invocations"][0], exit_code)
    if results:
        for kind in ("encrypted", "scan-error", "skipped"):
            assert kind in kinds, kinds


main()
