#!/bin/sh
# A class graded by a real Slurm, of its own on this machine: munged, slurmctld and slurmd are
# started, one worker is killed in the middle, the array is submitted again, and what is
# merged must be what droste grade --class makes.  slurm.sh DROSTE BUILD, as root; called by
# `make test-slurm`.
set -u
PATH=$PATH:/usr/sbin:/sbin

droste=$(realpath "$1") build=$(realpath "$2")
top=$PWD
work=$(mktemp -d /tmp/droste-slurm-XXXXXX)
host=$(hostname -s)
export DROSTE_LIB="$build" DROSTE="$droste" SLURM_CONF="$work/slurm.conf" SOURCE_DATE_EPOCH=1000000000
pids=

stop() {
	for pid in $pids; do kill "$pid" 2>/dev/null; done
	for pid in $pids; do wait "$pid" 2>/dev/null; done
	rm -rf "$work"
}
trap stop EXIT

fail() {
	echo "slurm.sh: $*"
	tail -n 5 "$work"/*.log "$work"/out/*.log 2>/dev/null
	exit 1
}

# until SECONDS COMMAND...
until_true() {
	limit=$1
	shift
	while ! "$@" >/dev/null 2>&1; do
		limit=$((limit - 1))
		[ $limit -gt 0 ] || fail "in vain: $*"
		sleep 1
	done
}

# ---- a cluster of one ---------------------------------------------------------

chmod 755 "$work"
mkdir "$work/state" "$work/spool" "$work/munge" "$work/class"
head -c 128 /dev/urandom >"$work/munge.key"
chmod 600 "$work/munge.key"
chmod 711 "$work/munge"
cat >"$SLURM_CONF" <<-END
	ClusterName=droste
	SlurmctldHost=$host(127.0.0.1)
	SlurmctldPort=26817
	SlurmdPort=26818
	AuthType=auth/munge
	AuthInfo=socket=$work/munge/socket
	SlurmUser=root
	StateSaveLocation=$work/state
	SlurmdSpoolDir=$work/spool
	SlurmctldPidFile=$work/slurmctld.pid
	SlurmdPidFile=$work/slurmd.pid
	SlurmctldLogFile=$work/slurmctld.log
	SlurmdLogFile=$work/slurmd.log
	ProctrackType=proctrack/linuxproc
	TaskPlugin=task/none
	MpiDefault=none
	SelectType=select/cons_tres
	SelectTypeParameters=CR_CPU
	JobAcctGatherType=jobacct_gather/none
	AccountingStorageType=accounting_storage/none
	SlurmdParameters=config_overrides
	ReturnToService=2
	NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
	PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge/socket" --pid-file="$work/munged.pid" \
	--log-file="$work/munged.log" --seed-file="$work/munge.seed" 2>"$work/munged.err.log" &
pids="$pids $!"
until_true 20 munge --socket="$work/munge/socket" --no-input
slurmctld -D 2>"$work/slurmctld.err.log" &
pids="$! $pids"
slurmd -D -N "$host" 2>"$work/slurmd.err.log" &
pids="$! $pids"
until_true 40 sh -c 'sinfo -h -o %T | grep -q idle'

# ---- a class ------------------------------------------------------------------

n=0
for elf in "$build"/monitor.elf "$build"/mutants/x31-lost.elf "$build"/mutants/bound-not-clamped.elf "$build"/tests/monitors/hangs.elf \
	"$build"/monitor.elf "$build"/guests/hello.elf; do
	n=$((n + 1))
	cp "$elf" "$work/class/student-$n.elf"
done
idle() { [ -z "$(squeue -h)" ]; }

job=$("$top/labs/batch/slurm-array.sh" "$work/class" "$work/out") || fail "sbatch refuses the array"
# The worker's own process, without a warning.
worker() { pgrep -f -- "grade --class $work/class --out $work/out " | tail -n 1; }
has_worker() { [ -n "$(worker)" ]; }
until_true 60 has_worker
victim=$(worker)
kill -KILL "$victim" || fail "cannot kill $victim"
until_true 300 idle
graded=$(find "$work/out" -name grade.json | wc -l)
echo "array $job: worker $victim killed, $graded of $n graded"
[ "$graded" -lt $n ] || fail "the killed worker's submission is graded all the same"

# ---- again, and merged --------------------------------------------------------

"$top/labs/batch/slurm-array.sh" "$work/class" "$work/out" >/dev/null || fail "sbatch refuses the array again"
until_true 300 idle
"$droste" grade --merge --class "$work/class" --out "$work/out" --exit-zero || fail "cannot merge"
"$droste" grade --class "$work/class" --out "$work/here" --exit-zero >/dev/null || fail "cannot grade here"
for file in class.csv class.json class.html; do
	cmp "$work/out/$file" "$work/here/$file" || fail "$file is not what one machine makes"
done
for name in "$work"/here/*/; do
	diff -r "$name" "$work/out/$(basename "$name")" >/dev/null || fail "$(basename "$name") has other reports"
done
if command -v parallel >/dev/null; then
	"$top/labs/batch/parallel.sh" "$work/class" "$work/parallel" >/dev/null 2>"$work/parallel.log" || fail "GNU parallel"
	cmp "$work/parallel/class.csv" "$work/here/class.csv" || fail "GNU parallel's class.csv is not what one machine makes"
fi
echo "resumed, merged, and the same as on one machine"
