# The labs: for each, $(BUILD)/labs/N-NAME/ with handout, lab.json, rubric.json and tree/, what
# `droste lab new` copies; and $(BUILD)/labs/solutions/N-NAME/, what a student would hand in.
#
# The monitors of labs 3 to 6 are the reference monitor's own files.  Stage N of a file is as
# the student of lab N finds it: stage 7 is the reference monitor's, and each stage before is the
# next one overlaid (overlay.awk) with what labs/N-NAME/starter/ has of that name.  So the solution
# of each lab is the starter of the next.

LAB_NAMES     := $(patsubst labs/%/lab.json,%,$(wildcard labs/*/lab.json))
LAB_OUT       := $(BUILD)/labs
LAB_SOLUTIONS := $(LAB_OUT)/solutions
OVERLAY       := awk -f labs/overlay.awk
MONITOR_LABS  := $(filter 3-% 4-% 5-% 6-%,$(LAB_NAMES))
MONITOR_FILES := $(notdir $(wildcard monitor/*.c monitor/*.S))
ISA_FILES     := $(filter-out %/manual.c %/isa.c,$(wildcard machine/isa/*.h machine/isa/*.def))

# "3" of "3-dispatcher", and what its lab.json says is handed in.
lab_number  = $(firstword $(subst -, ,$(1)))
lab_hand_in = $(shell sed -n 's/.*"hand_in": \[\(.*\)\].*/\1/p' labs/$(1)/lab.json | tr -d '",')
next_stage  = $(word $(1),2 3 4 5 6 7)

# ---- stages of the monitor's files -------------------------------------------

$(LAB_OUT)/stage/7/%: monitor/%
	@mkdir -p $(@D)
	cp $< $@

define stage_file
$(LAB_OUT)/stage/$(1)/$(3): $(LAB_OUT)/stage/$(call next_stage,$(1))/$(3) $(wildcard labs/$(2)/starter/$(3)) labs/overlay.awk
	@mkdir -p $$(@D)
	$(if $(wildcard labs/$(2)/starter/$(3)),$$(OVERLAY) $$< labs/$(2)/starter/$(3) >$$@,cp $$< $$@)
endef
$(foreach lab,$(MONITOR_LABS),$(foreach file,$(MONITOR_FILES),$(eval $(call stage_file,$(call lab_number,$(lab)),$(lab),$(file)))))

# ---- trees and solutions of monitors -------------------------------------------

# Given is what is there of a file when the lab begins; in lab 3 the allocator is the whole one.
given_stage = $(if $(filter 3allocator.c,$(1)$(2)),5,$(1))

# $(1): lab, $(2): its number, $(3): what is handed in
define monitor_lab
$(LAB_OUT)/$(1)/tree.made: $(foreach file,$(MONITOR_FILES),$(LAB_OUT)/stage/$(call given_stage,$(2),$(file))/$(file)) \
                           $(wildcard labs/given/*) monitor/monitor.h monitor/monitor.ld $(ISA_FILES) labs/rules.mk labs/$(1)/lab.json
	@rm -rf $(LAB_OUT)/$(1)/tree
	@mkdir -p $(LAB_OUT)/$(1)/tree/given/machine/isa
	cp labs/given/Makefile $(foreach file,$(3),$(LAB_OUT)/stage/$(2)/$(file)) $(LAB_OUT)/$(1)/tree
	cp labs/given/lab.[ch] monitor/monitor.h monitor/monitor.ld \
	   $(foreach file,$(filter-out $(3),$(MONITOR_FILES)),$(LAB_OUT)/stage/$(call given_stage,$(2),$(file))/$(file)) $(LAB_OUT)/$(1)/tree/given
	cp $(ISA_FILES) $(LAB_OUT)/$(1)/tree/given/machine/isa
	@touch $$@

$(LAB_SOLUTIONS)/$(1)/made: $(foreach file,$(3),$(LAB_OUT)/stage/$(call next_stage,$(2))/$(file)) labs/$(1)/lab.json
	@mkdir -p $$(@D)
	cp $(foreach file,$(3),$(LAB_OUT)/stage/$(call next_stage,$(2))/$(file)) $$(@D)
	@touch $$@
endef
$(foreach lab,$(MONITOR_LABS),$(eval $(call monitor_lab,$(lab),$(call lab_number,$(lab)),$(call lab_hand_in,$(lab)))))

# ---- lab 7: the hybrid monitor, of the parts in monitors/, and a guest ------------

LAB_7       := 7-when-the-theorem-fails
LAB_7_TOP   := $(addprefix monitors/, processor.c probe.c probe.S monitors.h) guests/twins.h monitor/monitor.ld $(wildcard labs/given/lab.*)
LAB_7_PARTS  = $(addprefix monitor/, allocator.c boot.c scheduler.c entry.S monitor.h) $(PROCESSOR_SOURCES) \
               $(wildcard machine/*.h) $(ISA_FILES)

$(LAB_OUT)/$(LAB_7)/tree.made: $(LAB_7_TOP) $(wildcard labs/$(LAB_7)/starter/* monitor/*.[chS] monitors/*.c machine/*.[ch] machine/isa/* guests/*.c) \
                               labs/given/Makefile labs/overlay.awk labs/rules.mk
	@rm -rf $(@D)/tree
	@mkdir -p $(@D)/tree/given/monitor $(@D)/tree/given/machine/isa
	cp labs/given/Makefile $(@D)/tree
	cp $(LAB_7_TOP) labs/$(LAB_7)/starter/lab.mk $(@D)/tree/given
	for part in $(LAB_7_PARTS); do cp $$part $(@D)/tree/given/$$part || exit 1; done
	$(OVERLAY) monitors/dispatcher.c labs/$(LAB_7)/starter/dispatcher.c >$(@D)/tree/dispatcher.c
	$(OVERLAY) monitors/hybrid.c labs/$(LAB_7)/starter/hybrid.c >$(@D)/tree/hybrid.c
	$(OVERLAY) guests/unmodified.c labs/$(LAB_7)/starter/paravirtual.c >$(@D)/tree/paravirtual.c
	@touch $@

$(LAB_SOLUTIONS)/$(LAB_7)/made: $(addprefix monitors/, dispatcher.c hybrid.c) guests/paravirtual.c
	@mkdir -p $(@D)
	cp $^ $(@D)
	@touch $@

# ---- the other labs: what stands in their folders ------------------------------

# Of lab 8 the Pascal program, too, which is the exhibits' own, with its input behind it.
LAB_8_PAS := guests/forms/workloads/primes.pas labs/8-forms/starter/number.txt

define plain_lab
$(LAB_OUT)/$(1)/tree.made: $(shell find labs/$(1)/starter -type f 2>/dev/null) $(if $(filter 8-%,$(1)),$(LAB_8_PAS)) labs/rules.mk
	@rm -rf $(LAB_OUT)/$(1)/tree
	@mkdir -p $(LAB_OUT)/$(1)
	cp -r --no-preserve=mode labs/$(1)/starter $(LAB_OUT)/$(1)/tree
	$(if $(filter 8-%,$(1)),cat $(LAB_8_PAS) >$(LAB_OUT)/$(1)/tree/primes.pas)
	@touch $$@

$(LAB_SOLUTIONS)/$(1)/made: $(shell find labs/solutions/$(1) -type f 2>/dev/null)
	@mkdir -p $$(@D)
	cp -r --no-preserve=mode labs/solutions/$(1)/. $$(@D)
	@touch $$@
endef
$(foreach lab,$(filter-out $(MONITOR_LABS) $(LAB_7),$(LAB_NAMES)),$(eval $(call plain_lab,$(lab))))

# ---- what droste lab reads -----------------------------------------------------

define lab_papers
$(LAB_OUT)/$(1)/$(2): labs/$(1)/$(2)
	@mkdir -p $$(@D)
	cp $$< $$@
endef
lab_paper_names = $(filter-out starter,$(notdir $(wildcard labs/$(1)/*)))
$(foreach lab,$(LAB_NAMES),$(foreach paper,$(call lab_paper_names,$(lab)),$(eval $(call lab_papers,$(lab),$(paper)))))

.PHONY: labs lab-solutions
all: labs
labs: $(foreach lab,$(LAB_NAMES),$(addprefix $(LAB_OUT)/$(lab)/,tree.made $(call lab_paper_names,$(lab))))
lab-solutions: labs $(LAB_NAMES:%=$(LAB_SOLUTIONS)/%/made) lab-8-measured

# Exhibits change, and what they cost: the solution of lab 8 is measured, as a student does it.
.PHONY: lab-8-measured
lab-8-measured: all $(LAB_SOLUTIONS)/8-forms/made
	labs/solutions/measure-8.sh $(BUILD)/droste $(LAB_SOLUTIONS)/8-forms/answers.txt

# ---- packaging -----------------------------------------------------------------

LAB    ?=
RUBRIC ?=
GRADESCOPE = $(BUILD)/gradescope-lab-$(LAB)

# The sources by name, so that nothing else that lies beside them goes along, students' files and
# grades least of all; with RUBRIC=FILE that one, and all that lies beside it.
PACKED := LICENSE Makefile $(wildcard README*) $(patsubst %/,%,$(dir $(wildcard */rules.mk)))

.PHONY: gradescope
gradescope:
	@test -d '$(wildcard labs/$(LAB)-*)' || { echo 'make gradescope: give LAB=3, or the number of another lab' >&2; exit 1; }
	$(call install_missing,zip)
	rm -rf $(GRADESCOPE) $(GRADESCOPE).zip
	mkdir -p $(GRADESCOPE)
	tar -czf $(GRADESCOPE)/droste.tar.gz --transform='s|^|droste/|S' $(PACKED)
	echo $(LAB) >$(GRADESCOPE)/lab
	cp labs/packaging/gradescope/* labs/packaging/grade-submission.sh $(GRADESCOPE)
	$(if $(RUBRIC),cp -r $(dir $(RUBRIC)) $(GRADESCOPE)/rubric)
	$(if $(filter-out rubric.json,$(notdir $(RUBRIC))),mv $(GRADESCOPE)/rubric/$(notdir $(RUBRIC)) $(GRADESCOPE)/rubric/rubric.json)
	cd $(GRADESCOPE) && zip -q -r ../$(notdir $(GRADESCOPE)).zip .
	rm -rf $(GRADESCOPE)
	@echo '$(GRADESCOPE).zip: upload it as the autograder'
