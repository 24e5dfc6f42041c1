#!/bin/bash
. "$(dirname "$0")/../lib.sh"
"$L" depth --read depth.csv >"$W/o.txt" 2>"$W/e.txt"; rc=$?
[ $rc -eq 2 ] && said | grep -q 'depth.csv' && said | grep -q 'max_steps' && pass; fail "rc $rc: $(said | head -1)"
