# Droste.  `make help` lists what can be made; each folder's own rules stand in
# its rules.mk.

BUILD   ?= build
CROSS   ?= riscv64-unknown-elf-
PREFIX  ?= /usr/local
VERSION := 0.1.0
ifeq ($(origin CC),default)
CC := gcc
endif

WARNINGS := -Wall -Wextra -Wpedantic -Werror
CFLAGS   ?= -O2 -g
CPPFLAGS += -D_GNU_SOURCE -I. -DDROSTE_VERSION='"$(VERSION)"'
HOST_C    = $(CC) -std=c11 $(WARNINGS) $(CFLAGS) $(CPPFLAGS) -MMD -MP

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

.PHONY: all help deps demo test clean
all:

$(BUILD)/host/%.o: %.c
	@mkdir -p $(@D)
	$(HOST_C) -fPIC -c $< -o $@

include $(wildcard */rules.mk)

# ---- the two commands of the README -----------------------------------------

# What a build, its tests and its labs need, by Debian's names.
PACKAGES := gcc make pkg-config libc6-dev libelf-dev libdw-dev libjansson-dev libxxhash-dev libreadline-dev libncurses-dev gettext \
            gcc-riscv64-unknown-elf binutils-riscv64-unknown-elf picolibc-riscv64-unknown-elf
TEST_PACKAGES := clang llvm libclang-rt-dev clang-tidy cppcheck gcovr patch libcriterion-dev qemu-user \
            tmux mandoc xz-utils gdb-multiarch jq python3 procps

# dpkg answers for what is there, so that nothing is asked of the network, and no
# right to install is needed, when nothing is missing.
define install_missing
	@missing=; for p in $(1); do \
	  dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  echo "installing:$$missing"; \
	  $$sudo apt-get update -q && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; \
	fi
endef

# The cross compiler's options and the linker's that are used here are those of GCC 12 and
# binutils 2.39: Debian 12, Ubuntu 24.04.
deps:
	$(call install_missing,$(PACKAGES))
	@version=$$($(CROSS)gcc -dumpversion) && [ "$${version%%.*}" -ge 12 ] || { \
	  echo "$(CROSS)gcc is of version $${version:-unknown}, and must be 12 or newer, as in Debian 12 and Ubuntu 24.04" >&2; exit 1; }

deps-test: deps
	$(call install_missing,$(TEST_PACKAGES))

demo: deps
	@$(MAKE) $(JOBS) --no-print-directory -s all
	@$(BUILD)/droste nest --depth 6 $(BUILD)/guests/compress.elf

test: deps-test
	$(MAKE) $(JOBS) --no-print-directory all
	$(MAKE) --no-print-directory check

clean:
	rm -rf $(BUILD)

help:
	@echo 'make              build everything: build/droste, build/monitor.elf, build/guests/*.elf'
	@echo 'make demo         install what is missing, build, and run a C program at depths 0 to 6'
	@echo 'make test         install what is missing, build, and run every test'
	@echo 'make bench        speed of the engine beside qemu-riscv32'
	@echo 'make fuzz         long fuzzing (FUZZ_SECONDS each)'
	@echo 'make test-browser reports in a real browser'
	@echo 'make test-slurm   a class graded by a Slurm of its own'
	@echo 'make test-labs-all each lab: handouts run, starters, solutions and wrong ones graded'
	@echo 'make gradescope LAB=3   an autograder as Gradescope wants it; make test-gradescope tries it'
	@echo 'make po           bring po/*.po up to date with the messages'
	@echo 'make lint         clang-tidy and cppcheck'
	@echo 'make figures      figures for slides in docs/figures, from measured runs'
	@echo 'make pictures     the pictures of terminals in docs/pictures'
	@echo 'make coverage     line coverage of the tests'
	@echo 'make install      install under PREFIX ($(PREFIX)), below DESTDIR'
	@echo 'make clean        remove $(BUILD)'

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
