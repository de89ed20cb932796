# Everything begins with the set-up, which does only what is missing.
#
# Copyright (c) 2026 The Frail developers
# SPDX-License-Identifier: GPL-2.0-or-later

DESTDIR =
PREFIX =

.PHONY: all setup demo check check-full check-unit check-patches bench \
        install clean help

all:
	@./configure.sh

setup:
	@./configure.sh --quiet

demo: setup
	@scripts/demo

check: setup
	@tests/run

check-full: setup
	@tests/run --full

check-unit: setup
	@scripts/build-env meson test -C build/libfrail

bench: setup
	@tests/bench/run

check-patches: setup
	@scripts/patches.sh check

install:
	@./configure.sh --quiet $(if $(PREFIX),--prefix=$(PREFIX))
	@DESTDIR="$(DESTDIR)" scripts/install

clean:
	rm -rf build

help:
	@echo 'make               set up: dependencies, QEMU, libfrail, analyzers'
	@echo 'make demo          boot a guest and print its system calls live'
	@echo 'make check         run the tests; check-full: all programs too'
	@echo 'make check-unit    only the unit tests, in seconds'
	@echo 'make bench         how fast calls are decoded'
	@echo 'make check-patches prove the series of QEMU patches'
	@echo 'make install       install to PREFIX (/usr/local), below DESTDIR'
	@echo 'make clean         remove build/; downloads stay in the cache'
