#!/bin/bash
. "$(dirname "$0")/../lib.sh"
"$L" run --model model --prompt "people Ann 's friend is" --out "$W/c.safetensors" >/dev/null 2>"$W/e.txt" || fail "run: $(said | head -1)"
"$L" lens --model model "$W/c.safetensors" --top 57 --format csv --out "$W/l.csv" >/dev/null 2>"$W/e.txt" || fail "lens: $(said | head -1)"
python3 - "$W/l.csv" <<'P' && pass
import csv, sys
bad, marked = 0, 0
for row in csv.DictReader(open(sys.argv[1], newline='', encoding='utf-8')):
    for name in ('token', 'text'):
        cell = row[name]
        bad += len(cell) > 1 and cell[0] in '=+-@\t\r\n'
        marked += cell.startswith("'=cmd")
sys.exit(0 if bad == 0 and marked > 0 else 1)
P
fail "a text cell begins like a formula, or none is marked"
