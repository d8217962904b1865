/* Registers and storage, as gdb reads and writes them.  Called by gdb_target.c, a function for
 * each packet.
 */

#include "gdb_inside.h"

/* ---- registers ----------------------------------------------------------- */

/* Bytes of a register, little-endian as gdb wants them. */
static size_t register_value(const struct gdb_view *view, unsigned number, uint64_t *value)
{
	const struct psw *psw = &view->state.psw;
	switch (number) {
	case GDB_PC:     *value = psw->pc; break;
	case GDB_STATUS: *value = psw->status; break;
	case GDB_BASE:   *value = psw->base; break;
	case GDB_BOUND:  *value = psw->bound; break;
	case GDB_TIMER:  *value = psw->timer; break;
	case GDB_CLOCK:  *value = view->state.clock; return 8;
	default:         *value = view->state.x[number];
	}
	return 4;
}

static void put_register(const struct gdb_view *view, unsigned number, struct gdb_text *answer)
{
	uint64_t value;
	size_t n = register_value(view, number, &value);
	if (view->state.exists)
		gdb_put_hex(answer, &value, n);
	else
		gdb_put(answer, "%.*s", (int)(2 * n), "xxxxxxxxxxxxxxxx");
}

/* x0 stays 0, whatever is written.  A monitor whose VM runs will go on where its trap cells
 * say, and registers are the VM's until then. */
static bool set_register(const struct gdb_target *target, unsigned number, uint64_t value)
{
	struct gdb_view view = gdb_view(target, target->level);
	uint64_t now;
	if (!view.state.exists)
		return false;
	register_value(&view, number, &now);
	if (value == now || number == 0)
		return true;
	if (view.away)
		return false;
	if (number < 32)
		return session_set_register(gdb_session(target), target->level, number, (uint32_t)value);
	return number < GDB_CLOCK &&
	       session_set_psw(gdb_session(target), target->level, (enum psw_field)(number - GDB_PC), (uint32_t)value, NULL);
}

HANDLER(gdb_read_registers)
{
	struct gdb_view view = gdb_view(target, target->level);
	(void)scan;
	for (unsigned i = 0; i < GDB_REGISTERS; i++)
		put_register(&view, i, answer);
	return GDB_GO_ON;
}

static bool scan_register(struct gdb_scan *scan, unsigned number, uint64_t *value)
{
	*value = 0;
	return gdb_scan_hex(scan, value, number == GDB_CLOCK ? 8 : 4);
}

HANDLER(gdb_write_registers)
{
	uint64_t value[GDB_REGISTERS];
	bool good = true;
	for (unsigned i = 0; i < GDB_REGISTERS && good; i++)
		good = scan_register(scan, i, &value[i]);
	if (!good) {
		gdb_put_error(answer, ERROR_SYNTAX);
		return GDB_GO_ON;
	}
	for (unsigned i = 0; i < GDB_REGISTERS; i++)
		good &= set_register(target, i, value[i]);
	if (good)
		gdb_put_ok(answer);
	else
		gdb_put_error(answer, ERROR_REFUSED);
	return GDB_GO_ON;
}

HANDLER(gdb_read_register)
{
	struct gdb_view view = gdb_view(target, target->level);
	uint64_t number;
	if (gdb_scan_number(scan, &number) && number < GDB_REGISTERS)
		put_register(&view, (unsigned)number, answer);
	else
		gdb_put_error(answer, ERROR_SYNTAX);
	return GDB_GO_ON;
}

HANDLER(gdb_write_register)
{
	uint64_t number, value;
	if (!gdb_scan_number(scan, &number) || number >= GDB_REGISTERS || !gdb_scan_is(scan, "=") ||
	    !scan_register(scan, (unsigned)number, &value))
		gdb_put_error(answer, ERROR_SYNTAX);
	else if (set_register(target, (unsigned)number, value))
		gdb_put_ok(answer);
	else
		gdb_put_error(answer, ERROR_REFUSED);
	return GDB_GO_ON;
}

/* ---- storage ------------------------------------------------------------- */

/* A monitor's own storage lies under the base that its traps load, also while a VM of
 * it runs under another. */
static uint32_t real_address(const struct gdb_view *view, uint32_t address)
{
	return view->away ? address + view->state.psw.base : address;
}

/* As much of it as there is. */
HANDLER(gdb_read_memory)
{
	uint8_t bytes[GDB_BYTES_MOST];
	uint32_t address;
	uint64_t n;
	if (!gdb_scan_range(scan, &address, &n)) {
		gdb_put_error(answer, ERROR_SYNTAX);
		return GDB_GO_ON;
	}
	struct gdb_view view = gdb_view(target, target->level);
	n = n < sizeof(bytes) ? n : sizeof(bytes);
	while (n > 0 && !(view.state.exists && session_read(gdb_session(target), target->level, real_address(&view, address),
	                                                    view.away, bytes, (uint32_t)n)))
		n /= 2;
	if (n > 0)
		gdb_put_hex(answer, bytes, n);
	else
		gdb_put_error(answer, ERROR_REFUSED);
	return GDB_GO_ON;
}

static void store(struct gdb_target *target, uint32_t address, const void *bytes, size_t n, struct gdb_text *answer)
{
	struct gdb_view view = gdb_view(target, target->level);
	if (n == 0 || (view.state.exists && session_write(gdb_session(target), target->level, real_address(&view, address),
	                                                  view.away, bytes, (uint32_t)n)))
		gdb_put_ok(answer);
	else
		gdb_put_error(answer, ERROR_REFUSED);
}

HANDLER(gdb_write_memory)
{
	uint8_t bytes[GDB_BYTES_MOST];
	uint32_t address;
	uint64_t n;
	if (gdb_scan_range(scan, &address, &n) && n <= sizeof(bytes) && gdb_scan_is(scan, ":") && gdb_scan_hex(scan, bytes, n))
		store(target, address, bytes, n, answer);
	else
		gdb_put_error(answer, ERROR_SYNTAX);
	return GDB_GO_ON;
}

HANDLER(gdb_write_binary)
{
	uint32_t address;
	uint64_t n;
	if (gdb_scan_range(scan, &address, &n) && gdb_scan_is(scan, ":") && n == (uint64_t)(scan->end - scan->at))
		store(target, address, scan->at, n, answer);
	else
		gdb_put_error(answer, ERROR_SYNTAX);
	return GDB_GO_ON;
}
