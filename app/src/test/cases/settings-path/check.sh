#!/bin/bash
. "$(dirname "$0")/../lib.sh"
mkdir -p "$W/loopscope" && cp settings.json "$W/loopscope/"
XDG_CONFIG_HOME=$W "$L" models >"$W/o.txt" 2>"$W/e.txt"; rc=$?; [ $rc -eq 0 ] || fail "rc $rc: $(said | head -1)"
said | grep -q "no folder can have" && pass; fail "not told: $(said | head -1)"
