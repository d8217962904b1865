#!/bin/sh
# A class graded on a Slurm cluster: an array job, one task a submission.
#
#     labs/batch/slurm-array.sh CLASS OUT [RUBRIC]
#
# CLASS and OUT are folders that all nodes see.  Submit again after a failure: what is
# graded is not graded again.  When the array has ended, merge:
#
#     droste grade --merge --class CLASS --out OUT
set -eu

class=$(realpath "$1") out=$(realpath -m "$2") rubric=${3:+$(realpath "$3")}
mkdir -p "$out"

# Names as droste grade has them: without ".elf".
find "$class" -mindepth 1 -maxdepth 1 -not -name '.*' -printf '%f\n' | sed 's/\.elf$//' | LC_ALL=C sort >"$out/names"

# A task that is lost with its node is queued again by --requeue; --open-mode keeps what it said.
sbatch ${SBATCH_OPTIONS-} --parsable --job-name=droste-grade --array="1-$(wc -l <"$out/names")" --cpus-per-task=1 --requeue \
	--open-mode=append --output="$out/slurm-%a.log" <<-END
	#!/bin/sh
	name=\$(sed -n "\${SLURM_ARRAY_TASK_ID}p" '$out/names')
	exec '${DROSTE-droste}' grade --class '$class' --out '$out' ${rubric:+--rubric '$rubric'} --one "\$name" --exit-zero
END
