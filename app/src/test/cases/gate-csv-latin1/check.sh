#!/bin/bash
. "$(dirname "$0")/../lib.sh"
"$L" gate --read gate.csv >"$W/o.txt" 2>"$W/e.txt"; rc=$?
[ $rc -eq 2 ] && said | grep -q 'expected text in UTF-8, found other bytes' && pass; fail "rc $rc: $(said | head -1)"
