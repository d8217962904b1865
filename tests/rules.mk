# Tests: units (Criterion), and later the drivers.  `make check` runs whatever is quick.

UNIT_OBJECTS := $(patsubst %.c,$(BUILD)/host/%.o,tests/isa.c tests/rig.c $(wildcard tests/machine_*.c))

$(BUILD)/host/tests/%.o: CPPFLAGS += -DCROSS='"$(CROSS)"'

$(BUILD)/tests/units: $(UNIT_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ -lcriterion -lelf -pthread -o $@

# The two executors against each other.

DIFFERENTIAL_OBJECTS := $(patsubst %.c,$(BUILD)/host/%.o,tests/differential.c tests/twins.c)

$(BUILD)/tests/differential: $(DIFFERENTIAL_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ -lelf -o $@

# Every guest at every depth.

GUESTS_TEST_OBJECTS := $(patsubst %.c,$(BUILD)/host/%.o,tests/guests.c inspector/levels.c)

$(BUILD)/tests/guests: $(GUESTS_TEST_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ -lelf -o $@

.PHONY: test-units
test-units: $(BUILD)/tests/units
	timeout 300 $<
	PLAIN=1 timeout 300 $<
