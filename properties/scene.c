/* Faults that can be gone to.  See scene.h; called by check.c, isolation.c and recursion.c. */

#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inspector/recording.h"

static void write_input(FILE *to, const struct pair *p)
{
	for (unsigned line = 0; line < machine_lines(p->nested); line++) {
		bool ends;
		struct bytes input = pair_waiting(p, line, &ends);
		recording_write(to, &(struct event){ 0, EVENT_INPUT, line, (uint32_t)input.n, input.at });
		if (ends)
			recording_write(to, &(struct event){ .kind = EVENT_INPUT_ENDS, .at = line });
	}
}

/* What comes late before the step in question. */
static void write_late(FILE *to, struct pair *p, uint64_t steps)
{
	bool late = p->c->when == INPUT_LATE || p->c->input_every > 0;
	while (late && machine_steps(p->nested) < steps && machine_end(p->nested) == MACHINE_RUNNING)
		if (pair_advance(p, steps - machine_steps(p->nested)) == PAIR_WAITS)
			break;
	uint64_t every = p->c->input_every;
	for (uint64_t at = every; every > 0 && at <= machine_steps(p->nested); at += every)
		recording_write(to, &(struct event){ at, EVENT_INPUT, pair_line_beside(p), 1, (const uint8_t *)PAIR_BYTE_BESIDE });
	for (unsigned n = 0; n < p->late.times; n++)
		for (unsigned line = 0; line < p->c->guest->lines; line++) {
			struct bytes piece = late_piece(p->c, line, n);
			recording_write(to, &(struct event){ p->late.steps[n], EVENT_INPUT, p->first_line + line, (uint32_t)piece.n, piece.at });
		}
	for (unsigned line = 0; line < p->c->guest->lines && p->late.ended; line++)
		recording_write(to, &(struct event){ .steps = p->late.end, .kind = EVENT_INPUT_ENDS, .at = p->first_line + line });
}

static bool write_session(struct text *text, struct pair *p, uint64_t steps)
{
	char machine[RECORDED_MACHINE], *at = NULL;
	FILE *to = open_memstream(&at, &text->n);
	if (!to)
		return false;
	recording_describe(machine, p->nested, p->nested_disk.image, (size_t)p->nested_disk.sectors * SECTOR);
	recording_begin(to, machine);
	write_input(to, p);
	write_late(to, p, steps);
	recording_write(to, &(struct event){ .steps = steps, .kind = EVENT_HERE });
	fclose(to);
	text->at = (uint8_t *)at;
	return at != NULL;
}

/* The disk as it was packed: IPL only reads it. */
static bool copy(struct scene *scene, struct pair *p, uint64_t steps)
{
	size_t size = (size_t)p->nested_disk.sectors * SECTOR;
	*scene = (struct scene){ .disk = { malloc(size), p->nested_disk.sectors }, .storage = p->host.storage, .lines = p->host.lines };
	if (!scene->disk.image)
		return false;
	memcpy(scene->disk.image, p->nested_disk.image, size);
	return write_session(&scene->session, p, steps);
}

bool scene_take(struct scene *scene, const struct pair_case *c, uint64_t steps)
{
	struct refusal why;
	struct pair *p = malloc(sizeof(*p));
	*scene = (struct scene){ .lines = 0 };
	bool good = p && pair_start(p, c, &why);
	if (good) {
		good = copy(scene, p, steps);
		pair_stop(p);
	}
	free(p);
	if (!good)
		scene_free(scene);
	return good;
}

void scene_free(struct scene *scene)
{
	disk_free(&scene->disk);
	free(scene->session.at);
	*scene = (struct scene){ .lines = 0 };
}
