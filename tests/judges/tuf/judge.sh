#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# judge.sh SCRIPT ARGUMENT...: runs a Python script of this folder with the
# interpreter that VITRINE_PEERS names, where peers are installed.
exec "${VITRINE_PEERS:-python3}" "$(dirname "$0")/$1" "${@:2}"
