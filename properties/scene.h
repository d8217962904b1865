/* Where a fault was seen, so that somebody else can go there: the disk that the real machine
 * booted from, with the monitors and guests on it, its size, and the input that waited, as a
 * session of the inspector that stands at the step in question.  Taken by whoever finds a
 * fault; written to files by `droste check`.
 */
#ifndef DROSTE_SCENE_H
#define DROSTE_SCENE_H

#include "properties/pair.h"

struct scene {
	struct boot_disk disk;   /* image NULL: none taken */
	uint32_t storage;        /* of the real machine, bytes */
	unsigned lines;
	struct text session;     /* inspector/recording.h, whole */
};

/* The run of c from its beginning, at so many steps of the real machine.  False if it cannot
 * be made, and then it is empty. */
bool scene_take(struct scene *scene, const struct pair_case *c, uint64_t steps);
void scene_free(struct scene *scene);

#endif
