/* What `droste check --out FOLDER` leaves there, for each property that fails:
 *
 *     PROPERTY.disk, .session               the run that shows it: the real machine's boot disk,
 *                                           and a session that stands where it shows
 *     PROPERTY-small.disk, .session         the same for the smallest program found
 *     PROPERTY-guest.disk, .expect          that program, to be given as a guest
 *
 * and the commands that open them.  Called by check.c.
 */

#include "check_out.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"

/* FOLDER/PROPERTY and an ending, from malloc. */
static char *name_of(const struct check_out *out, const struct finding *f, const char *ending)
{
	char *name;
	return asprintf(&name, "%s/%s%s", out->folder, property_names[f->property], ending) < 0 ? NULL : name;
}

void print_word(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:,@%=";
	putchar(' ');
	if (*text && strspn(text, plain) == strlen(text)) {
		fputs(text, stdout);
		return;
	}
	putchar('\'');
	for (; *text; text++)
		fputs(*text == '\'' ? "'\\''" : (char[]){ *text, '\0' }, stdout);
	putchar('\'');
}

/* ---- writing ------------------------------------------------------------ */

bool check_out_start(const struct check_out *out)
{
	struct stat found;
	if (!out->folder || mkdir(out->folder, 0777) == 0)
		return true;
	if (errno == EEXIST && stat(out->folder, &found) == 0 && S_ISDIR(found.st_mode))
		return true;
	return complain("%s: cannot make this folder: %s", out->folder, strerror(errno)) == 0;
}

static bool write_file(const struct check_out *out, const struct finding *f, const char *ending, const void *bytes, size_t n)
{
	struct refusal why = { "no memory" };
	char *name = name_of(out, f, ending);
	bool written = name && file_write(name, bytes, n, &why);
	if (!written)
		complain("%s: %s", name ? name : out->folder, why.text);
	free(name);
	return written;
}

static bool write_disk(const struct check_out *out, const struct finding *f, const char *ending, const struct boot_disk *disk)
{
	return write_file(out, f, ending, disk->image, (size_t)disk->sectors * SECTOR);
}

static bool write_scene(const struct check_out *out, const struct finding *f, const struct scene *scene, const char *disk,
                        const char *session)
{
	return !scene->disk.image ||
	       (write_disk(out, f, disk, &scene->disk) && write_file(out, f, session, scene->session.at, scene->session.n));
}

/* Some random guests have what is no boot disk, and cannot be given as a guest. */
static bool is_guest(const struct guest *guest)
{
	struct boot_disk disk;
	struct refusal why;
	bool is = guest && disk_from_file(&disk, guest->plan.disk.image, (size_t)guest->plan.disk.sectors * SECTOR, 0, &why);
	if (is)
		disk_free(&disk);
	return is;
}

static bool write_guest(const struct check_out *out, const struct finding *f)
{
	char *text = NULL;
	size_t n;
	if (!is_guest(f->small))
		return true;
	FILE *to = open_memstream(&text, &n);
	if (!to)
		return complain("no memory") == 0;
	guest_write_expectations(f->small, to);
	fclose(to);
	bool written = write_disk(out, f, "-guest.disk", &f->small->plan.disk) && write_file(out, f, "-guest.expect", text, n);
	free(text);
	return written;
}

bool check_out_write(const struct check_out *out, const struct finding *f)
{
	return !out->folder || f->verdict != FAILS ||
	       (write_scene(out, f, &f->scene, ".disk", ".session") &&
	        write_scene(out, f, &f->small_scene, "-small.disk", "-small.session") && write_guest(out, f));
}

/* ---- commands ----------------------------------------------------------- */

static void print_open(const struct check_out *out, const struct finding *f, const struct scene *scene, const char *disk,
                       const char *session)
{
	char *disk_name = name_of(out, f, disk), *session_name = name_of(out, f, session), *load = NULL;
	if (disk_name && session_name && asprintf(&load, "load %s", session_name) > 0) {
		fputs("  open:  droste debug --disk", stdout);
		print_word(disk_name);
		printf(" --memory %" PRIu32 " --lines %u", scene->storage, scene->lines);
		if (out->profile) {
			fputs(" --profile", stdout);
			print_word(out->profile);
		}
		fputs(" -ex", stdout);
		print_word(load);
		puts("   (or droste inspect)");
	}
	free(disk_name);
	free(session_name);
	free(load);
}

void check_out_print(const struct check_out *out, const struct finding *f)
{
	if (out->folder && f->scene.disk.image)
		print_open(out, f, &f->scene, ".disk", ".session");
}

void check_out_print_small(const struct check_out *out, const struct finding *f)
{
	if (!out->folder || !f->small_scene.disk.image)
		return;
	print_open(out, f, &f->small_scene, "-small.disk", "-small.session");
	char *guest = name_of(out, f, "-guest.disk");
	if (guest && is_guest(f->small)) {
		printf("  again: droste check %s", property_names[f->property]);
		if (out->monitor) {
			fputs(" --monitor", stdout);
			print_word(out->monitor);
		}
		if (out->profile) {
			fputs(" --profile", stdout);
			print_word(out->profile);
		}
		fputs(" --guest", stdout);
		print_word(guest);
		putchar('\n');
	}
	free(guest);
}
