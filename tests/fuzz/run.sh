#!/bin/sh
# One fuzzer for some seconds: run.sh FOLDER NAME SECONDS, called by make.  A
# crash leaves its input in FOLDER/crash-* and says how to run it again.

folder=$1 name=$2 seconds=$3
mkdir -p "$folder/found/$name"
"$folder/tests/fuzz-$name" -seed=1 -max_len=8192 -timeout=20 -rss_limit_mb=2048 -print_final_stats=0 \
	-verbosity=0 -max_total_time="$seconds" -artifact_prefix="$folder/crash-$name-" \
	"$folder/found/$name" "tests/fuzz/corpus/$name" && exit 0
echo "again: $folder/tests/fuzz-$name $folder/crash-$name-*"
exit 1
