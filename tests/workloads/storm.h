/*
 * What every storm shares: a round of system calls, done again and again at full speed by one process or several.
 *
 *   workload MODE [--descriptors N] [--mappings N]
 *
 * The storm begins at once. When all processes are there, {"ready":true,"pids":[...]} is printed, the one that was started
 * first. It ends when it is killed, and by itself after a minute; children do not outlive it.
 */
#ifndef STORM_H
#define STORM_H

#include <stddef.h>

struct storm {
    const char *mode;
    int processes;                  /* that do rounds: the one that was started and children of it; 0 means 1 */
    void (*setup)(void);            /* before the children are made */
    void (*round)(int process);     /* over and over; processes are numbered from 0 */
};

/* Options: descriptors that each process has open besides, mappings that it has besides. */
extern int option_descriptors;
extern int option_mappings;

/* Rounds until the end the storm that argv[1] names; returns only to say what is wrong with the arguments. */
int run_storm(int argc, char **argv, const char *workload, const struct storm *table, size_t size);

/* A /tmp of its own, in a mount namespace of its own: what is made in it goes with the program. Needs root. */
void hide_tmp(void);

#define STORM(workload, table) run_storm(argc, argv, workload, table, sizeof(table) / sizeof((table)[0]))

#endif
