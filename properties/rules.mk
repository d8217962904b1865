# The properties: instructions classified, profiles read.

CLASSIFY_SOURCES := $(wildcard properties/classify*.c properties/profile*.c)
CLASSIFY_OBJECTS := $(CLASSIFY_SOURCES:%.c=$(BUILD)/host/%.o)

# Monitors judged: everything that is not about instruction sets, and what it links.
GRADE_SOURCES := $(wildcard properties/grade*.c properties/rubric*.c properties/report*.c properties/lab*.c properties/task*.c)
CHECK_SOURCES := $(filter-out $(CLASSIFY_SOURCES) $(GRADE_SOURCES),$(wildcard properties/*.c)) inspector/control.c inspector/follow.c inspector/levels.c inspector/plain.c inspector/recording.c inspector/symbols.c inspector/words.c
CHECK_OBJECTS := $(CHECK_SOURCES:%.c=$(BUILD)/host/%.o)
CHECK_LIBS    := -ldw -lelf -lxxhash

# Grading: the rubric, the grade and its reports, on top of the judges.
GRADE_OBJECTS := $(GRADE_SOURCES:%.c=$(BUILD)/host/%.o) $(CLASSIFY_OBJECTS)
GRADE_LIBS    := -ljansson -lxxhash -lm

# The theorems on every profile, as droste itself prints them.  Not part of `all`: it takes
# some seconds.
.PHONY: docs-verdicts check-verdicts
VERDICTS = { printf '%s\n\n' '\# Verdicts' \
	'Made by `make docs-verdicts` from what `droste classify --all` derives; do not edit. See [properties.md](properties.md).'; \
	$(BUILD)/droste classify --all; }

docs-verdicts: $(BUILD)/droste
	$(VERDICTS) >docs/verdicts.md

check-verdicts: $(BUILD)/droste
	$(VERDICTS) | diff -u docs/verdicts.md -
