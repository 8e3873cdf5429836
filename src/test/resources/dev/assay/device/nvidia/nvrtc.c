// A libnvrtc for tests, with the signatures of nvrtc.h (CUDA 11 to 13): its PTX is what stands behind "//PTX " in the source, line by
// line, behind the options and the name of the source. A source with an #error does not compile.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { NVRTC_SUCCESS = 0, NVRTC_ERROR_INVALID_INPUT = 3, NVRTC_ERROR_COMPILATION = 6 } nvrtcResult;

typedef struct _nvrtcProgram {
  char *source, *name, *ptx, *log;
} *nvrtcProgram;

static int programs;

// How many programs are not destroyed.
int double_programs(void) { return programs; }

nvrtcResult nvrtcCreateProgram(nvrtcProgram *prog, const char *src, const char *name, int numHeaders, const char *const *headers,
                               const char *const *includeNames) {
  if (numHeaders != 0 || headers != NULL || includeNames != NULL) return NVRTC_ERROR_INVALID_INPUT;
  nvrtcProgram made = calloc(1, sizeof *made);
  made->source = strdup(src);
  made->name = strdup(name);
  made->ptx = strdup("");
  made->log = strdup("");
  *prog = made;
  programs++;
  return NVRTC_SUCCESS;
}

nvrtcResult nvrtcCompileProgram(nvrtcProgram prog, int numOptions, const char *const *options) {
  if (strstr(prog->source, "#error") != NULL) {
    prog->log = realloc(prog->log, strlen(prog->name) + 64);
    sprintf(prog->log, "%s(1): error: #error directive\n", prog->name);
    return NVRTC_ERROR_COMPILATION;
  }
  char *to = prog->ptx = realloc(prog->ptx, 2 * strlen(prog->source) + 4096);
  to += sprintf(to, "// %s\n", prog->name);
  for (int i = 0; i < numOptions; i++) to += sprintf(to, "// %s\n", options[i]);
  char *copy = strdup(prog->source);
  for (char *line = strtok(copy, "\n"); line != NULL; line = strtok(NULL, "\n"))
    if (strncmp(line, "//PTX ", 6) == 0) to += sprintf(to, "%s\n", line + 6);
    else if (strncmp(line, "#define ", 8) == 0) to += sprintf(to, "// %s\n", line);
  free(copy);
  return NVRTC_SUCCESS;
}

// Sizes count the trailing zero.
nvrtcResult nvrtcGetPTXSize(nvrtcProgram prog, size_t *ptxSizeRet) {
  *ptxSizeRet = strlen(prog->ptx) + 1;
  return NVRTC_SUCCESS;
}

nvrtcResult nvrtcGetPTX(nvrtcProgram prog, char *ptx) {
  strcpy(ptx, prog->ptx);
  return NVRTC_SUCCESS;
}

nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram prog, size_t *logSizeRet) {
  *logSizeRet = strlen(prog->log) + 1;
  return NVRTC_SUCCESS;
}

nvrtcResult nvrtcGetProgramLog(nvrtcProgram prog, char *log) {
  strcpy(log, prog->log);
  return NVRTC_SUCCESS;
}

nvrtcResult nvrtcDestroyProgram(nvrtcProgram *prog) {
  free((*prog)->source);
  free((*prog)->name);
  free((*prog)->ptx);
  free((*prog)->log);
  free(*prog);
  *prog = NULL;
  programs--;
  return NVRTC_SUCCESS;
}
