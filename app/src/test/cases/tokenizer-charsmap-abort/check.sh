#!/bin/bash
. "$(dirname "$0")/../lib.sh"
run model --prompt "a b"; [ $rc -eq 2 ] || fail "run: rc $rc: $(said | head -1)"
said | grep -q "	at " && fail "a stack trace"; said | grep -qi tokenizer || fail "run said: $(said | head -2)"
"$L" models check model >"$W/o.txt" 2>"$W/e.txt"; rc=$?; [ $rc -le 2 ] && pass; fail "models check: rc $rc"
