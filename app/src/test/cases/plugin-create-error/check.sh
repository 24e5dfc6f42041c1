#!/bin/bash
. "$(dirname "$0")/../lib.sh"
# The window itself is tried by HostileWindowTest; the report loads the same panels.
LOOPSCOPE_PLUGINS=$PWD/plugins "$L" report --prompt "people Ann's friend is" --out "$W/r.html" >"$W/o.txt" 2>"$W/e.txt"; rc=$?
[ $rc -eq 0 ] && [ -s "$W/r.html" ] && pass; fail "rc $rc: $(said | head -1)"
