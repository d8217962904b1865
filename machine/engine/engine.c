/* Placeholder while the engine is written. */
#include "../machine.h"
struct engine *engine_new(struct machine *m) { (void)m; return NULL; }
void engine_free(struct engine *e) { (void)e; }
uint64_t engine_run(struct machine *m, uint64_t budget) { (void)m; (void)budget; return 0; }
void engine_forget(struct machine *m, uint32_t real, uint32_t n) { (void)m; (void)real; (void)n; }
