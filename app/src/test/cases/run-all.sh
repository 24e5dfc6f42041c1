#!/bin/bash
# run-all.sh PATH/TO/bin/loopscope (absolute): every case in turn; the exit code is the number of those that failed.
cd "$(dirname "$0")" || exit 3
failed=0
for c in */check.sh; do bash "$c" "$1" || failed=$((failed + 1)); done
exit $failed
