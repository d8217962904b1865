/* Work in the manner of EEMBC's CoreMark, which any small core does all day: a
 * linked list searched, sorted and reversed; a state machine that reads numbers
 * from text; small matrices of halfwords; and a CRC-16 over all results.
 * Written anew, in about the same shares.  Each round starts from the same data
 * and must come to the same CRC.
 */

#include "kernel.h"

/* ---- CRC-16, a bit at a time -------------------------------------------- */

static uint16_t crc_byte(uint8_t byte, uint16_t crc)
{
	for (int i = 0; i < 8; i++) {
		int carry = (byte ^ crc) & 1;
		byte >>= 1;
		if (carry) {
			crc ^= 0x4002;
			crc = (uint16_t)(crc >> 1 | 0x8000);
		} else {
			crc >>= 1;
		}
	}
	return crc;
}

static __attribute__((noinline)) uint16_t crc_half(uint16_t value, uint16_t crc)
{
	crc = crc_byte((uint8_t)value, crc);
	return crc_byte((uint8_t)(value >> 8), crc);
}

static uint16_t crc_word(uint32_t value, uint16_t crc)
{
	crc = crc_half((uint16_t)value, crc);
	return crc_half((uint16_t)(value >> 16), crc);
}

/* ---- the state machine --------------------------------------------------- */

enum state { START, INVALID, SIGN, INTEGER, FLOAT, EXPONENT, SCIENTIFIC, STATES };

static const char *const words[] = {
	"5012", "1234", "-874", "+122", "35.54400", ".1234500", "-110.700", "+0.64400",
	"5.500e+3", "-.123e-2", "-87e+832", "+0.6e-12", "T0.3e-1F", "-T.T++Tq", "1T3.4e4z", "34.0e-T^",
};

static uint8_t text[512];

static int is_digit(uint8_t c) { return c >= '0' && c <= '9'; }

static __attribute__((noinline)) enum state next_state(uint8_t **at, uint32_t *changes)
{
	enum state state = START;
	uint8_t *p = *at;
	for (; *p && state != INVALID; p++) {
		uint8_t c = *p;
		if (c == ',') {
			p++;
			break;
		}
		enum state before = state;
		switch (state) {
		case START:
			state = is_digit(c) ? INTEGER : c == '+' || c == '-' ? SIGN : c == '.' ? FLOAT : INVALID;
			break;
		case SIGN:
			state = is_digit(c) ? INTEGER : c == '.' ? FLOAT : INVALID;
			break;
		case INTEGER:
			if (c == '.')
				state = FLOAT;
			else if (!is_digit(c))
				state = INVALID;
			break;
		case FLOAT:
			if (c == 'E' || c == 'e')
				state = EXPONENT;
			else if (!is_digit(c))
				state = INVALID;
			break;
		case EXPONENT:
			state = c == '+' || c == '-' ? SCIENTIFIC : INVALID;
			break;
		case SCIENTIFIC:
			if (!is_digit(c))
				state = INVALID;
			break;
		default:
			break;
		}
		if (state != before)
			changes[before]++;
	}
	*at = p;
	return state;
}

static void fill_text(void)
{
	size_t n = 0;
	for (int i = 0; n + 10 < sizeof(text); i++) {
		for (const char *word = words[(i * 7 + i / 16) % 16]; *word; word++)
			text[n++] = (uint8_t)*word;
		text[n++] = ',';
	}
	text[n] = 0;
}

static void spoil_text(uint8_t with, size_t step)
{
	for (size_t i = 0; i < sizeof(text); i += step)
		if (text[i] != ',' && text[i] != 0 && text[i] != with)
			text[i] ^= with;
}

static uint16_t bench_state(uint16_t crc, size_t step)
{
	uint32_t finals[STATES] = { 0 }, changes[STATES] = { 0 };
	for (int pass = 0; pass < 2; pass++) {
		for (uint8_t *p = text; *p;)
			finals[next_state(&p, changes)]++;
		spoil_text(1, step);
	}
	for (int i = 0; i < STATES; i++)
		crc = crc_word(changes[i], crc_word(finals[i], crc));
	return crc;
}

/* ---- matrices ------------------------------------------------------------- */

enum { N = 9 };

static int16_t a[N * N], b[N * N];
static int32_t c[N * N];

static void fill_matrices(void)
{
	uint32_t seed = 7;
	for (int i = 0; i < N * N; i++) {
		a[i] = (int16_t)(arbitrary(&seed) % 200);
		b[i] = (int16_t)(arbitrary(&seed) % 300);
	}
}

static void add_constant(int16_t value)
{
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++)
			a[i * N + j] = (int16_t)(a[i * N + j] + value);
}

static void times_constant(int16_t value)
{
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++)
			c[i * N + j] = (int32_t)a[i * N + j] * value;
}

static void times_vector(void)
{
	for (int i = 0; i < N; i++) {
		c[i] = 0;
		for (int j = 0; j < N; j++)
			c[i] += (int32_t)a[i * N + j] * b[j];
	}
}

static __attribute__((noinline)) void times_matrix(void)
{
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < N; j++) {
			c[i * N + j] = 0;
			for (int k = 0; k < N; k++)
				c[i * N + j] += (int32_t)a[i * N + k] * b[k * N + j];
		}
	}
}

static __attribute__((noinline)) void times_matrix_fields(void)
{
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < N; j++) {
			c[i * N + j] = 0;
			for (int k = 0; k < N; k++) {
				int32_t product = (int32_t)a[i * N + k] * b[k * N + j];
				c[i * N + j] += (product >> 2 & 15) * (product >> 5 & 127);
			}
		}
	}
}

static __attribute__((noinline)) int16_t sum_matrix(int32_t clip)
{
	int32_t sum = 0, previous = 0;
	int16_t result = 0;
	for (int i = 0; i < N * N; i++) {
		int32_t now = c[i];
		sum += now;
		if (sum > clip) {
			result = (int16_t)(result + 10);
			sum = 0;
		} else {
			result = (int16_t)(result + (now > previous));
		}
		previous = now;
	}
	return result;
}

static uint16_t bench_matrix(int16_t value, uint16_t crc)
{
	int32_t clip = (int16_t)(0xF000 | value);
	add_constant(value);
	times_constant(value);
	crc = crc_half((uint16_t)sum_matrix(clip), crc);
	times_vector();
	crc = crc_half((uint16_t)sum_matrix(clip), crc);
	times_matrix();
	crc = crc_half((uint16_t)sum_matrix(clip), crc);
	times_matrix_fields();
	crc = crc_half((uint16_t)sum_matrix(clip), crc);
	add_constant((int16_t)-value);
	return crc;
}

/* ---- lists ---------------------------------------------------------------- */

enum { ITEMS = 100, FRESH = 0x80 };

struct info {
	int16_t value, index;
};

struct item {
	struct item *next;
	struct info *info;
};

static struct item items[ITEMS];
static struct info infos[ITEMS];
static uint16_t list_crc;

typedef int compare(struct info *a, struct info *b);

/* The value of an item is computed when it is first asked for: by the state
 * machine or the matrices, as its low bits say. */
static __attribute__((noinline)) int16_t computed(struct info *info)
{
	int16_t value = info->value;
	if (value & FRESH)
		return value & 0x7F;
	uint16_t result;
	if (value & 1)
		result = bench_matrix((int16_t)(value >> 3 & 15), list_crc);
	else
		result = bench_state(list_crc, (value >> 3 & 15) + 0x22u);
	list_crc = crc_half(result, list_crc);
	info->value = (int16_t)((value & 0xFF00) | FRESH | (result & 0x7F));
	return (int16_t)(result & 0x7F);
}

static int by_value(struct info *x, struct info *y) { return computed(x) - computed(y); }
static int by_index(struct info *x, struct info *y) { return x->index - y->index; }

static __attribute__((noinline)) struct item *find_index(struct item *list, int16_t index)
{
	while (list && list->info->index != index)
		list = list->next;
	return list;
}

static __attribute__((noinline)) struct item *find_value(struct item *list, int16_t value)
{
	while (list && (list->info->value & 0xFF) != value)
		list = list->next;
	return list;
}

static __attribute__((noinline)) struct item *reverse(struct item *list)
{
	struct item *done = NULL;
	while (list) {
		struct item *next = list->next;
		list->next = done;
		done = list;
		list = next;
	}
	return done;
}

static struct item *merge(struct item *x, struct item *y, compare *order)
{
	struct item head = { 0 }, *last = &head;
	while (x && y) {
		struct item **least = order(x->info, y->info) <= 0 ? &x : &y;
		last = last->next = *least;
		*least = (*least)->next;
	}
	last->next = x ? x : y;
	return head.next;
}

static __attribute__((noinline)) struct item *sort(struct item *list, int n, compare *order)
{
	if (n == 1) {
		list->next = NULL;
		return list;
	}
	struct item *middle = list;
	for (int i = 0; i < n / 2; i++)
		middle = middle->next;
	struct item *low = sort(list, n / 2, order);
	return merge(low, sort(middle, n - n / 2, order), order);
}

static struct item *make_list(void)
{
	uint32_t seed = 3;
	for (int i = 0; i < ITEMS; i++) {
		uint32_t value = i % 25 == 0 ? arbitrary(&seed) & 0x7F : FRESH | (arbitrary(&seed) & 0x7F);
		infos[i] = (struct info){ (int16_t)value, (int16_t)i };
		items[i] = (struct item){ i + 1 < ITEMS ? &items[i + 1] : NULL, &infos[i] };
	}
	return items;
}

static uint16_t bench_list(void)
{
	struct item *list = make_list(), *found;
	list_crc = 0;
	for (int16_t i = 0; i < 30; i++) {
		found = i % 2 ? find_value(list, (int16_t)(FRESH | i)) : find_index(list, (int16_t)(3 * i));
		list = reverse(list);
		if (found)
			list_crc = crc_half((uint16_t)found->info->index, list_crc);
	}
	list = sort(list, ITEMS, by_value);
	for (found = list; found; found = found->next)
		list_crc = crc_half((uint16_t)found->info->value, list_crc);
	list = sort(list, ITEMS, by_index);
	for (found = list; found; found = found->next)
		list_crc = crc_half((uint16_t)found->info->index, list_crc);
	return list_crc;
}

int kernel(unsigned rounds)
{
	fill_matrices();
	for (unsigned round = 0; round < rounds; round++) {
		fill_text();
		if (bench_list() != 0x5A50) /* as other compilers and processors find it */
			return 1;
	}
	return 0;
}
