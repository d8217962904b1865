# The program droste: its commands over the library; and installing it with what it
# needs beside it.

CLI_OBJECTS := $(patsubst %.c,$(BUILD)/host/%.o,$(wildcard cli/*.c properties/*.c inspector/*.c)) $(BUILD)/host/cli/forms_lines.o
CLI_LIBS    := -lreadline -lncursesw -ltinfo -ldw -lelf -ljansson -lxxhash -lm

$(BUILD)/droste: $(CLI_OBJECTS) $(BUILD)/libdroste.a
	$(CC) $(CFLAGS) $(LDFLAGS) $^ $(CLI_LIBS) -o $@

# Lines of code of each form, counted from its sources whenever these may have changed.
FORM_SOURCES := $(shell find guests/forms guests/os monitor monitors -name '*.[chS]' -o -name '*.def')

$(BUILD)/host/cli/forms_lines.c: cli/forms.def cli/forms_lines.sh $(FORM_SOURCES)
	@mkdir -p $(@D)
	cli/forms_lines.sh >$@

$(BUILD)/host/cli/forms_lines.o: $(BUILD)/host/cli/forms_lines.c
	$(HOST_C) -fPIC -c $< -o $@

# The table of docs/forms.md.  Not part of `all`: it is measured, which takes half a minute.
.PHONY: docs-forms
docs-forms: all
	{ cat docs/forms.head; $(BUILD)/droste forms --quiet --markdown || [ $$? = 1 ]; } >$(BUILD)/forms.md
	mv $(BUILD)/forms.md docs/forms.md

all: $(BUILD)/droste $(BUILD)/rubric.json

# What droste grade goes by when no other rubric is given.
$(BUILD)/rubric.json: labs/rubric.json
	@mkdir -p $(@D)
	cp $< $@

# ---- the library as others link it --------------------------------------------

# One object that shows only the names of window.h and isa.h.
PUBLIC_NAMES := refuse machine_* isa_* program_* file_is_* disk_* snapshot_* pack_* plan_set_name disassemble
OBJCOPY      ?= objcopy

$(BUILD)/install/libdroste.a: $(BUILD)/libdroste.a
	@mkdir -p $(@D)
	$(CC) -r -nostdlib -Wl,--whole-archive $< -o $(@D)/droste.o
	$(OBJCOPY) --wildcard $(PUBLIC_NAMES:%=--keep-global-symbol='%') $(@D)/droste.o
	rm -f $@
	$(AR) rcs $@ $(@D)/droste.o

.PHONY: $(BUILD)/install/droste.pc
$(BUILD)/install/droste.pc: cli/droste.pc.in
	@mkdir -p $(@D)
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' $< > $@

# ---- make install -------------------------------------------------------------

# droste finds its monitor and the guests' library in ../lib/droste of its own place,
# wherever that is.
ROOT       = $(DESTDIR)$(PREFIX)
COMPLETION = $(ROOT)/share/bash-completion/completions

# Of the guests' library, what programs made with droste cc need.
INSTALLED_LIB := droste.specs guest.ld start.o libc.o libdroste-guest.a include/droste.h include/form.h

# What droste forms measures; the coupling monitor is for droste run, too.
INSTALLED_FORMS = $(patsubst $(BUILD)/%,%,$(wildcard $(addprefix $(BUILD)/, monitors/*.elf guests/forms/*.elf guests/forms/*/*.elf \
                                                                           guests/forms/workloads/*.pas guests/forms/workloads/*.asc \
                                                                           guests/forms/workloads/*.jar)))

.PHONY: install uninstall
install: all $(BUILD)/install/libdroste.a $(BUILD)/install/droste.pc install-man
	install -d "$(ROOT)/bin" "$(ROOT)/include/droste/isa" "$(ROOT)/lib/pkgconfig" "$(COMPLETION)"
	install -d "$(ROOT)/lib/droste/guests/lib/include/isa"
	install -m 755 $(BUILD)/droste "$(ROOT)/bin/droste"
	install -m 644 $(BUILD)/monitor.elf "$(ROOT)/lib/droste/monitor.elf"
	install -m 644 $(BUILD)/rubric.json "$(ROOT)/lib/droste/rubric.json"
	for file in $(INSTALLED_LIB); do install -m 644 $(BUILD)/guests/lib/$$file "$(ROOT)/lib/droste/guests/lib/$$file" || exit 1; done
	install -m 644 $(BUILD)/guests/lib/include/isa/* "$(ROOT)/lib/droste/guests/lib/include/isa"
	install -m 644 $(BUILD)/guests/*.elf $(BUILD)/guests/*.expect "$(ROOT)/lib/droste/guests"
	rm -rf "$(ROOT)/lib/droste/labs"
	install -d "$(ROOT)/lib/droste/labs"
	for lab in $(LAB_NAMES); do cp -r $(LAB_OUT)/$$lab "$(ROOT)/lib/droste/labs" || exit 1; done
	chmod -R a+rX "$(ROOT)/lib/droste/labs"
	for language in $(LANGUAGES); do \
	  install -D -m 644 $(BUILD)/locale/$$language/LC_MESSAGES/droste.mo "$(ROOT)/lib/droste/locale/$$language/LC_MESSAGES/droste.mo" || exit 1; done
	for file in $(INSTALLED_FORMS); do install -D -m 644 $(BUILD)/$$file "$(ROOT)/lib/droste/$$file" || exit 1; done
	install -m 644 machine/window.h "$(ROOT)/include/droste/window.h"
	install -m 644 machine/isa/*.h machine/isa/*.def "$(ROOT)/include/droste/isa"
	install -m 644 $(BUILD)/install/libdroste.a "$(ROOT)/lib/libdroste.a"
	install -m 644 $(BUILD)/install/droste.pc "$(ROOT)/lib/pkgconfig/droste.pc"
	install -m 644 cli/completion/droste "$(COMPLETION)/droste"

uninstall: uninstall-man
	rm -f "$(ROOT)/bin/droste" "$(ROOT)/lib/libdroste.a" "$(ROOT)/lib/pkgconfig/droste.pc" "$(COMPLETION)/droste"
	rm -rf "$(ROOT)/lib/droste" "$(ROOT)/include/droste"
