/* Makes one call that writes fail, and all like it after: FAULT_CALL says which kind, FAULT_AT after how many.
   With FAULT_COUNT it only counts them into that file. For `faults.py`, which loads it before the command. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long calls;

static int fails(const char *kind) {
  const char *wanted = getenv("FAULT_CALL"), *at = getenv("FAULT_AT");
  if (!wanted || strcmp(wanted, kind)) return 0;
  long now = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
  if (!at || now < atol(at)) return 0;
  errno = strcmp(kind, "write") ? EIO : ENOSPC;
  return 1;
}

__attribute__((destructor)) static void told(void) {
  const char *path = getenv("FAULT_COUNT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (file) { fprintf(file, "%ld\n", calls); fclose(file); }
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size) {
  REAL(write);
  return fd > 2 && fails("write") ? -1 : real(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  REAL(pwrite);
  return fails("write") ? -1 : real(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  REAL(pwrite64);
  return fails("write") ? -1 : real(fd, data, size, at);
}
int fsync(int fd) {
  REAL(fsync);
  return fails("fsync") ? -1 : real(fd);
}
int fdatasync(int fd) {
  REAL(fdatasync);
  return fails("fsync") ? -1 : real(fd);
}
int rename(const char *one, const char *other) {
  REAL(rename);
  return fails("rename") ? -1 : real(one, other);
}
