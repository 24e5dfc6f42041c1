#!/bin/bash
. "$(dirname "$0")/../lib.sh"
"$L" probe agreement --help 2>/dev/null | grep -q -- --read || { echo "SKIP agreement-csv-bad-number: read in the window only, see AnswerTableTest"; exit 0; }
"$L" probe agreement --read agreement.csv >"$W/o.txt" 2>"$W/e.txt"; rc=$?
[ $rc -eq 2 ] && said | grep -q 'agreement.csv, line' && pass; fail "rc $rc: $(said | head -1)"
