/* Isolation (not the paper's, desirable): the run of one VM does not depend on another.
 * A guest runs beside a quiet neighbour, then beside hostile ones; its trace, taken from
 * outside at each of its own traps, and all that it leaves behind must be the same.
 */
#ifndef DROSTE_ISOLATION_H
#define DROSTE_ISOLATION_H

#include "properties/check.h"

/* Judges isolation, and resource control in the same runs, in which time and devices are
 * shared.  Either finding may be NULL, or have failed already. */
void isolation_judge(struct finding *isolation, struct finding *control, const struct check_case *c);

#endif
