/* Where a program begins. */

#include "handles.h"

int main(void);
void begin(void);

void begin(void) { LeaveProgram((uint32_t)main()); }
