/* A supervisor as anybody would write it, with SSM, RDST, LRA and SPSW.  Step 4 of the handout: on
 * a machine like the x86, whose user mode executes these, it goes wrong under a monitor that relies
 * on their trapping.  Change it so that it does not.
 */
#include "twins.h"

/* Sets IE and TE; returns what they were. */
static uint32_t mask(uint32_t bits) { return ssm(bits); }
