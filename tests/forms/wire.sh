#!/bin/sh
# Coupled console lines from outside: programs talk to each other at any depth and under two
# different monitors, by the rules; what cannot be coupled is refused.  wire.sh BUILD; called by
# make test-forms.

build=$1 wire=$1/guests/forms/wire folder=$1/forms/wire droste=$1/droste
name=wire
. tests/forms/ok.sh
mkdir -p "$folder"

# says STATUS FILE WHAT COMMAND...: ends so, and says what the file holds, in any order.
says() {
	status=$1 file=$2 what=$3
	shift 3
	"$@" >"$folder/out" 2>"$folder/err"
	code=$?
	[ $code = "$status" ]
	ok "$what: ended with $code: $(head -n 1 "$folder/err")"
	sort "$folder/out" | diff "$file" -
	ok "$what: its output"
}

# ---- to and fro, at every depth, and in two machines of two monitors ------------------

cat >"$folder/ping" <<'EOF'
[pong:0] pong: 100 frames, in order
ping: 100 round trips of 64 bytes, 6247 to 6336 instructions each, at this end
EOF
for depth in 1 2 3; do
	says 0 "$folder/ping" "ping at depth $depth" "$droste" run --depth $depth --couple ping:1,pong:1 "$wire/ping.elf" "$wire/pong.elf"
	"$droste" pack --depth $depth --lines 2 -o "$folder/left" "$wire/ping.elf" &&
		"$droste" pack --depth 1 --monitor "$build/monitors/hybrid.elf" --lines 2 -o "$folder/right" "$wire/pong.elf"
	ok 'pack'
	says 0 "$folder/ping" "ping in $depth monitors, pong in another" \
		"$droste" run --couple left:$((depth + 1)),right:2 "$folder/left" "$folder/right"
done

"$droste" pack --depth 2 --monitor "$build/monitors/coupling.elf" --lines 2 -o "$folder/right" "$wire/pong.elf"
says 0 "$folder/ping" 'ping at level 1, pong at level 3' \
	"$droste" run --couple ping:1,right:3 "$wire/ping.elf" "$folder/right"

# ---- a file through a bad wire ---------------------------------------------------------

head -c 3000 README.md >"$folder/file"
for depth in 1 2; do
	"$droste" run --depth $depth --eof -i "$folder/file" --couple send:1,noise:1 --couple noise:2,receive:1 \
		"$wire/send.elf" "$wire/noise.elf" "$wire/receive.elf" >"$folder/sent.$depth"
	ok "send at depth $depth"
	grep -q '^sent 3000 bytes.*damaged answers: [1-9]' "$folder/sent.$depth" &&
		grep -q 'damaged frames: [1-9]' "$folder/sent.$depth"
	ok 'frames should have been damaged on both ways'
done
sed -n 's/^\[receive:0\] //p' "$folder/sent.1" | sed 's/received 3000 bytes.*//' >"$folder/received"
# The file, but for the end of its last line, which droste run puts there.
{ cat "$folder/file"; echo; } | head -n "$(wc -l <"$folder/received")" | diff - "$folder/received"
ok 'what was received is not what was sent'
diff "$folder/sent.1" "$folder/sent.2"
ok 'send differs at depth 2'

# ---- the rules, and the ends -----------------------------------------------------------

printf '%s\n' '169 checks, 0 failed, digest 0db9ed60' '4 interrupts' | sort >"$folder/rules"
for depth in 1 2; do
	says 127 "$folder/rules" "rules at depth $depth" "$droste" run --depth $depth \
		--couple rules:1,rules:2 --couple rules:3,gone:1 "$wire/rules.elf" "$wire/gone.elf"
	says 127 /dev/null "two that wait for each other at depth $depth" "$droste" run --depth $depth \
		--couple receive:1,pong:1 "$wire/receive.elf" "$wire/pong.elf"
done

# ---- disks, and what is refused --------------------------------------------------------

"$droste" pack --depth 2 --couple ping:1,pong:1 -o "$folder/disk" "$wire/ping.elf" "$wire/pong.elf"
says 0 "$folder/ping" 'a packed disk' "$droste" run "$folder/disk"
"$droste" pack --list "$folder/disk" | grep -q 'ping: line 1 to pong:1$'
ok 'pack --list should show what is coupled'
"$droste" pack --list "$folder/disk" --json | jq -e '.minidisks[0].minidisks[1].couplings == [{line: 1, with: "ping", with_line: 1}]' >/dev/null
ok 'and as JSON'
"$droste" debug --batch --depth 1 --couple ping:1,pong:1 -ex continue -ex levels "$wire/ping.elf" "$wire/pong.elf" |
	grep -q '2 pong  *halted .* pong.elf'
ok 'debug should show both machines'

# refused TEXT OPTION...: with the text as the reason.
refused() {
	text=$1
	shift
	"$droste" run "$@" "$wire/ping.elf" "$wire/pong.elf" 2>"$folder/err" >/dev/null
	[ $? = 125 ] && grep -q -- "$text" "$folder/err"
	ok "$*: $(cat "$folder/err")"
}
refused 'give two images' --couple ping
refused 'give two images' --couple ping:1
refused 'give two images' --couple ping:1,pong:32
refused "no image 'pang': there are ping pong" --couple ping:1,pang:1
refused 'no console line 1' --lines 1 --couple ping:1,pong:1
refused 'can be coupled once' --couple ping:1,ping:1
refused 'can be coupled once' --couple ping:1,pong:1 --couple pong:1,ping:2
refused 'need a monitor' --depth 0 --couple ping:1,pong:1
refused 'couples no console lines' --monitor "$build/monitor.elf" --couple ping:1,pong:1
refused 'couples no console lines' --monitor "$build/monitors/coupling.elf" --monitor "$build/monitor.elf" --couple ping:1,pong:1
says 0 "$folder/ping" 'a monitor given that couples' "$droste" run --monitor "$build/monitor.elf" \
	--monitor "$build/monitors/coupling.elf" --couple ping:1,pong:1 "$wire/ping.elf" "$wire/pong.elf"

# A directory that couples what is not there: sector and byte of its first coupling.
sector=$("$droste" pack --depth 1 --couple ping:1,pong:1 -o "$folder/disk" "$wire/ping.elf" "$wire/pong.elf" &&
	"$droste" pack --list "$folder/disk" --json | jq .directory)
printf '\011' | dd of="$folder/disk" bs=1 seek=$((sector * 512 + 28)) conv=notrunc status=none
"$droste" run "$folder/disk" 2>"$folder/err" >/dev/null
[ $? = 125 ] && grep -q 'couples a console line that is not there' "$folder/err"
ok "a damaged directory: $(cat "$folder/err")"

report
