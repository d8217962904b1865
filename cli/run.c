/* `droste run`: builds the machine that the options ask for, runs it to its end, and
 * says how it ended.
 */

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "inspector/recording.h"

struct options {
	struct machine_options machine;
	uint64_t limit;
	bool stats, plain;
	const char *json, *record, *replay;
};

/* A run under way. */
struct run {
	const struct options *options;
	struct plan plan;
	struct file disk_before; /* as the disk was before the run */
	struct machine *m;
	struct console *console;
	FILE *recording;
	struct recording replay;
	size_t replayed;     /* events of it that have happened */
	struct report *report;
};

/* ---- options ------------------------------------------------------------ */

enum { OPTION_LIMIT = 256, OPTION_STATS, OPTION_JSON, OPTION_PLAIN, OPTION_RECORD, OPTION_REPLAY };

static const struct option long_options[] = {
	MACHINE_OPTIONS,
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ "stats", no_argument, NULL, OPTION_STATS },
	{ "json", required_argument, NULL, OPTION_JSON },
	{ "plain", no_argument, NULL, OPTION_PLAIN },
	{ "record", required_argument, NULL, OPTION_RECORD },
	{ "replay", required_argument, NULL, OPTION_REPLAY },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static bool take_option(void *to, int option, const char *value)
{
	struct options *o = to;
	switch (option) {
	case OPTION_STATS: o->stats = true; return true;
	case OPTION_PLAIN: o->plain = true; return true;
	case OPTION_JSON:  o->json = value; return true;
	case OPTION_RECORD: o->record = value; return true;
	case OPTION_REPLAY: o->replay = value; return true;
	case OPTION_LIMIT: return option_steps(value, &o->limit);
	default:
		return machine_option(&o->machine, option, value);
	}
}

static bool settle(const struct options *o)
{
	if (o->replay && (o->machine.inputs > 0 || o->record))
		return complain("--replay gives the input that was recorded: leave out --input and --record") == 0;
	return true;
}

/* The exit status, or -1 to go on. */
static int parse(struct options *o, const struct command *self, int argc, char **argv)
{
	*o = (struct options){ .limit = UINT64_MAX };
	const struct option_table table = { "h" MACHINE_LETTERS, long_options, false, take_option, o };
	int status = machine_options_parse(&o->machine, self, argc, argv, &table);
	return status < 0 && !settle(o) ? EXIT_DROSTE : status;
}

/* ---- the machine -------------------------------------------------------- */

static bool make_machine(struct run *run)
{
	struct vm_plan *plan = &run->plan.machine;
	struct refusal why;
	struct machine_config config = {
		.storage = plan->storage,
		.lines = plan->lines,
		.profile = run->options->machine.profile,
		.plain = run->options->plain,
	};
	run->m = machine_new(&config, &why);
	if (!run->m)
		return complain("%s", why.text) == 0;
	machine_attach_disk(run->m, plan->disk.image, plan->disk.sectors);
	return true;
}

/* Only what is to be written back need be known as it was. */
static bool keep_disk(struct run *run)
{
	const struct boot_disk *disk = &run->plan.machine.disk;
	size_t size = (size_t)disk->sectors * SECTOR;
	if (size == 0 || (run->options->machine.wish.disks == 0 && !run->options->machine.whole_disk))
		return true;
	run->disk_before = (struct file){ malloc(size), size };
	if (!run->disk_before.bytes)
		return complain("no memory for a copy of the disk") == 0;
	memcpy(run->disk_before.bytes, disk->image, size);
	return true;
}

static bool start(struct run *run)
{
	struct refusal why;
	if (run->plan.machine.disk.sectors > 0)
		machine_ipl(run->m);
	else if (!machine_load_elf(run->m, run->plan.elf.bytes, run->plan.elf.size, &why))
		return complain("%s: %s", run->options->machine.wish.image[0], why.text) == 0;
	return true;
}

/* ---- input -------------------------------------------------------------- */

static bool open_recordings(struct run *run)
{
	char machine[RECORDED_MACHINE];
	struct refusal why;
	const struct options *o = run->options;
	const struct boot_disk *disk = &run->plan.machine.disk;
	const struct file *elf = &run->plan.elf;
	if (disk->sectors > 0)
		recording_describe(machine, run->m, disk->image, (size_t)disk->sectors * SECTOR);
	else
		recording_describe(machine, run->m, elf->bytes, elf->size);
	if (o->record && !(run->recording = fopen(o->record, "we")))
		return complain("%s: cannot write: %s", o->record, strerror(errno)) == 0;
	if (o->record)
		recording_begin(run->recording, machine);
	if (o->replay && !recording_read(&run->replay, o->replay, machine, &why))
		return complain("%s: %s", o->replay, why.text) == 0;
	return true;
}

/* False if some was lost. */
static bool close_recording(struct run *run)
{
	FILE *recording = run->recording;
	run->recording = NULL;
	if (!recording)
		return true;
	bool good = !ferror(recording);
	return fclose(recording) == 0 && good;
}

static bool give_file(struct run *run, unsigned line, const char *path)
{
	struct file file;
	struct refusal why;
	if (!file_read(&file, path, &why))
		return complain("%s: %s", path, why.text) == 0;
	console_give(run->console, line, &file);
	file_free(&file);
	return true;
}

/* The i-th file is for the i-th guest. */
static bool give_input(struct run *run)
{
	const struct options *o = run->options;
	const struct place *guest;
	for (unsigned i = 0; i < o->machine.inputs && (guest = plan_guest(&run->plan, i)); i++)
		if (!give_file(run, guest->first_line, o->machine.input[i]))
			return false;
	if (!run->options->replay) {
		if (o->machine.inputs == 0)
			console_give_stdin(run->console);
		console_end_others(run->console);
	}
	return true;
}

/* Gives what the recording has for this step. */
static void replay_due(struct run *run)
{
	const struct event *event;
	while ((event = recording_event(&run->replay, run->replayed)) && event->steps <= machine_steps(run->m)) {
		event_apply(event, run->m);
		run->replayed++;
	}
}

/* ---- running ------------------------------------------------------------ */

#define SLICE (UINT64_C(1) << 20) /* steps between looks at the outside */

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

static uint64_t slice(const struct run *run)
{
	uint64_t now = machine_steps(run->m);
	uint64_t steps = least(SLICE, run->options->limit - now);
	const struct event *event = recording_event(&run->replay, run->replayed);
	return event ? least(steps, event->steps - now) : steps;
}

/* False; and says why, if there is anything to say. */
static bool give_up(const struct refusal *why) { return why->text[0] && complain("%s", why->text) == 0; }

/* Output, and input live or recorded, after a slice.  False if something went wrong
 * outside the machine. */
static bool attend(struct run *run, enum stop stop)
{
	struct refusal why;
	if (!console_flush(run->console, &why))
		return give_up(&why);
	if (stop == STOP_END || terminal_signal() != 0)
		return true;
	if (!console_poll(run->console, stop == STOP_INPUT, &why))
		return complain("%s", why.text) == 0;
	if (run->options->replay && stop == STOP_INPUT) {
		const struct event *event = recording_event(&run->replay, run->replayed);
		if (!event || event->steps != machine_steps(run->m))
			return complain("%s: the recording ends while the machine waits for more input",
			                run->options->replay) == 0;
	}
	replay_due(run);
	return true;
}

/* To the end, the limit or a signal. */
static bool run_machine(struct run *run)
{
	struct machine *m = run->m;
	struct refusal why;
	while (machine_end(m) == MACHINE_RUNNING && machine_steps(m) < run->options->limit && !terminal_signal())
		if (!attend(run, machine_run(m, slice(run))))
			return false;
	return console_finish(run->console, &why) || give_up(&why);
}

/* ---- afterwards --------------------------------------------------------- */

/* What the machine wrote to the data of a disk goes back to its file. */
static bool write_back(const struct run *run, const char *path, uint64_t first, uint64_t sectors)
{
	struct refusal why;
	size_t from = first * SECTOR, size = sectors * SECTOR;
	const uint8_t *now = run->plan.machine.disk.image + from;
	if (memcmp(now, run->disk_before.bytes + from, size) == 0 || file_write(path, now, size, &why))
		return true;
	return complain("%s: %s", path, why.text) == 0;
}

static bool write_disks(const struct run *run)
{
	const struct options *o = run->options;
	bool good = true;
	if (o->machine.whole_disk)
		return write_back(run, o->machine.whole_disk, 0, run->plan.machine.disk.sectors);
	for (unsigned i = 0; i < o->machine.wish.disks; i++) {
		const struct place *place = plan_image(&run->plan, i);
		good &= write_back(run, o->machine.wish.disk[i], (uint64_t)place->first_sector + place->boot_sectors,
		                   place->sectors - place->boot_sectors);
	}
	return good;
}

static int say_end(const struct run *run)
{
	switch (machine_end(run->m)) {
	case MACHINE_HALTED:
		return machine_exit_code(run->m);
	case MACHINE_CHECK_STOPPED:
		report_check_stop(run->report);
		return EXIT_CHECK_STOP;
	case MACHINE_DISABLED_WAIT:
		complain("disabled wait: the machine waits, and nothing can end that any more");
		return EXIT_DISABLED_WAIT;
	default:
		complain("the limit of %" PRIu64 " steps was reached", run->options->limit);
		return EXIT_LIMIT;
	}
}

static bool write_report(const struct run *run)
{
	struct refusal why;
	if (run->options->stats)
		report_print(run->report);
	if (!run->options->json || report_write(run->report, run->options->json, &why))
		return true;
	return complain_of_output(run->options->json, &why) == 0;
}

/* Whatever happened, the disks are written and the recording is closed. */
static int finish(struct run *run, bool good)
{
	terminal_restore();
	good &= write_disks(run);
	if (!close_recording(run))
		good = complain("%s: cannot write: some input is lost", run->options->record) == 0;
	if (terminal_signal() != 0)
		terminal_die(terminal_signal());
	if (!good)
		return EXIT_DROSTE;
	int status = say_end(run);
	return write_report(run) ? status : EXIT_DROSTE;
}

/* ---- all of it ---------------------------------------------------------- */

static bool prepare(struct run *run)
{
	if (!plan_make(&run->plan, &run->options->machine.wish) || !make_machine(run) || !keep_disk(run) ||
	    !open_recordings(run))
		return false;
	run->console = console_new(run->m, &run->plan, run->recording, run->options->machine.eof);
	run->report = report_new(run->m, &run->plan, run->console, run->options->stats || run->options->json);
	if (!run->console || !run->report)
		return complain("no memory") == 0;
	terminal_catch_signals(run->m);
	if (!give_input(run))
		return false;
	replay_due(run);
	return start(run);
}

static void tear_down(struct run *run)
{
	terminal_restore();
	close_recording(run);
	recording_free(&run->replay);
	report_free(run->report);
	console_free(run->console);
	machine_free(run->m);
	file_free(&run->disk_before);
	plan_free(&run->plan);
}

static int run_images(const struct command *self, int argc, char **argv)
{
	struct options options;
	int status = parse(&options, self, argc, argv);
	if (status >= 0)
		return status;
	struct run run = { .options = &options };
	status = prepare(&run) ? finish(&run, run_machine(&run)) : EXIT_DROSTE;
	tear_down(&run);
	return status;
}

const struct command run_command = {
	.name = "run",
	.summary = "run images, bare or under a stack of monitors",
	.usage =
		"Usage: droste run [OPTION]... IMAGE...\n"
		"       droste run [OPTION]... --disk FILE\n"
		"\n"
		"An IMAGE is an ELF file for PG-32 or a boot disk.  Several run side by side.\n"
		"\n"
		"  -d, --depth N        put N monitors above the images (default 0: the bare\n"
		"                       machine; 1 for several images)\n"
		"  -m, --monitor FILE   the monitor, an ELF file; given more than once, the\n"
		"                       outermost first, the last for all levels that remain\n"
		"      --memory SIZE    storage of each image's machine (default 16M)\n"
		"  -p, --profile NAME   strict (default) or another machine, by name or from a\n"
		"                       file of your own: see droste-classify(1)\n"
		"      --lines N        console lines of each image's machine (default 1)\n"
		"      --disk FILE      FILE holds the sectors after the boot image and gets\n"
		"                       them back; the i-th is for the i-th image.  Without an\n"
		"                       IMAGE, FILE is a boot disk, run and written back\n"
		"      --spare N        blank sectors after a boot image (default 64)\n"
		"      --couple A:I,B:J wire console line I of image A to line J of B: what one\n"
		"                       writes the other reads.  Images by name or number\n"
		"  -i, --input FILE     console input, for the i-th image (default: standard\n"
		"                       input for the first, none for the others)\n"
		"      --eof            end the input of files and pipes with Ctrl-D, which C\n"
		"                       programs take for the end of file\n"
		"      --limit N        stop after N steps (instructions and traps)\n"
		"      --stats          say what was counted, on standard error\n"
		"      --json FILE      write that and more as JSON; '-' is standard output\n"
		"      --plain          do without the engine\n"
		"      --record FILE    record the console input\n"
		"      --replay FILE    take it from a recording\n"
		"\n"
		"Exits with the guest's code; 124 limit reached, 125 an error of droste or its\n"
		"user, 126 check-stop, 127 disabled wait.\n",
	.run = run_images,
};
