/* What is inspected: a machine built from the same options as for `droste run`, under a
 * session, with the symbols of whatever runs in it.  Called by the commands that
 * debug, show, serve and trace.
 */

#include "subject.h"

#include <stdlib.h>
#include <string.h>

/* ---- symbols ------------------------------------------------------------ */

/* A file that some place may have booted from. */
static bool add_symbols(struct subject *subject, const char *path)
{
	struct file file;
	struct refusal why;
	char *whole = realpath(path, NULL);
	if (subject->files == SYMBOL_FILES_MOST || !file_read(&file, whole ? whole : path, &why)) {
		free(whole);
		return false;
	}
	struct symbol_file *added = &subject->file[subject->files];
	added->symbols = symbols_read(file.bytes, file.size, whole ? whole : path);
	added->file = file;
	if (added->symbols)
		subject->files++;
	else
		file_free(&file);
	free(whole);
	return true;
}

/* True iff a boot image holds all of a program, but for what the packer puts in its header. */
static bool boots(const uint8_t *image, size_t size, const struct file *elf)
{
	struct program program;
	if (!program_read(&program, elf->bytes, elf->size, NULL))
		return false;
	for (unsigned i = 0; i < program.segments; i++) {
		const struct segment *s = &program.segment[i];
		uint32_t skip = s->address < CELL_FREE ? CELL_FREE - s->address : 0;
		if (skip < s->file_bytes &&
		    (s->address + (size_t)s->file_bytes > size ||
		     memcmp(image + s->address + skip, s->data + skip, s->file_bytes - skip) != 0))
			return false;
	}
	return true;
}

const struct symbol_file *subject_file(const struct subject *subject, const struct place *place)
{
	const uint8_t *image = subject->plan.machine.disk.image;
	for (unsigned i = 0; i < subject->files; i++)
		if (!image || boots(image + (size_t)place->first_sector * SECTOR, (size_t)place->boot_sectors * SECTOR,
		                    &subject->file[i].file))
			return &subject->file[i];
	return NULL;
}

/* An image is a file, or a guest of the standard set by its name. */
static void add_image(struct subject *subject, const char *name)
{
	char *path = file_find_guest(name);
	if (path)
		add_symbols(subject, path);
	free(path);
}

static void add_installed(struct subject *subject, const char *name)
{
	char *path = file_find_installed(name, NULL);
	if (path)
		add_symbols(subject, path);
	free(path);
}

/* The images and monitors named, and the monitors that droste packs by itself, since they may be
 * on a boot disk. */
static void find_symbols(struct subject *subject, const struct machine_options *options)
{
	const struct wish *wish = &options->wish;
	for (unsigned i = 0; i < wish->images; i++)
		add_image(subject, wish->image[i]);
	for (unsigned i = 0; i < wish->monitors; i++)
		add_symbols(subject, wish->monitor[i]);
	add_installed(subject, "monitor.elf");
	add_installed(subject, "monitors/coupling.elf");
}

static void name_programs(struct subject *subject)
{
	struct inspector *inspector = &subject->inspector;
	const struct plan *plan = &subject->plan;
	for (unsigned i = 0; i < plan->places && i < PROGRAMS_MOST; i++) {
		struct program_at *program = &inspector->program[inspector->programs++];
		memcpy(program->vm, plan->place[i].name, sizeof(program->vm));
		program->host = plan->place[i].parent;
		program->first_sector = plan->place[i].first_sector;
		program->sectors = plan->place[i].sectors;
		program->first_line = plan->place[i].first_line;
		program->lines = plan->place[i].lines;
		const struct symbol_file *file = subject_file(subject, &plan->place[i]);
		program->symbols = file ? file->symbols : NULL;
	}
}

/* ---- input -------------------------------------------------------------- */

static bool give(struct session *session, unsigned line, const char *path, bool eof)
{
	static const char ctrl_d = 4;
	struct file file;
	struct refusal why;
	if (!file_read(&file, path, &why))
		return complain("%s: %s", path, why.text) == 0;
	bool given = session_input(session, line, file.bytes, file.size) && (!eof || session_input(session, line, &ctrl_d, 1));
	file_free(&file);
	session_input_ends(session, line);
	return given || complain("%s: no memory for it as input", path) == 0;
}

/* The i-th file is for the i-th guest.  Without files, line 0 of each guest is open: somebody
 * may type.  All other lines have ended, as in a run. */
static bool give_input(struct subject *subject, const struct machine_options *o)
{
	bool open[LINES_MOST] = { false };
	const struct place *guest;
	for (unsigned i = 0; (guest = plan_guest(&subject->plan, i)); i++)
		if (guest->first_line < LINES_MOST)
			open[guest->first_line] = o->inputs == 0;
	for (unsigned line = 0; line < subject->plan.machine.lines; line++) {
		const char *path = NULL;
		for (unsigned i = 0; i < o->inputs && (guest = plan_guest(&subject->plan, i)); i++)
			if (guest->first_line == line)
				path = o->input[i];
		if (path && !give(subject->session, line, path, o->eof))
			return false;
		if (!path && !open[line])
			session_input_ends(subject->session, line);
	}
	return true;
}

/* ---- all of it ---------------------------------------------------------- */

static bool start_session(struct subject *subject, const struct machine_options *options)
{
	const struct vm_plan *machine = &subject->plan.machine;
	struct refusal why;
	struct session_config config = {
		.machine = { .storage = machine->storage, .lines = machine->lines, .profile = options->profile },
		.disk = machine->disk.image,
		.sectors = machine->disk.sectors,
		.elf = subject->plan.elf.bytes,
		.elf_bytes = subject->plan.elf.size,
	};
	subject->session = session_new(&config, &why);
	return subject->session || complain("%s: %s", options->wish.image[0], why.text) == 0;
}

bool subject_open(struct subject *subject, const struct machine_options *options)
{
	*subject = (struct subject){ .options = options };
	if (!plan_make(&subject->plan, &options->wish) || !start_session(subject, options) || !give_input(subject, options)) {
		subject_close(subject);
		return false;
	}
	subject->inspector.session = subject->session;
	subject->inspector.compare = subject->plan.depth > 0 ? subject_compare : NULL;
	subject->inspector.compare_self = subject;
	find_symbols(subject, options);
	name_programs(subject);
	return true;
}

void subject_close(struct subject *subject)
{
	session_free(subject->session);
	for (unsigned i = 0; i < subject->files; i++) {
		symbols_free(subject->file[i].symbols);
		file_free(&subject->file[i].file);
	}
	plan_free(&subject->plan);
	*subject = (struct subject){ 0 };
}
