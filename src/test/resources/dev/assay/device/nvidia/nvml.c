// A libnvidia-ml for tests, with the signatures of nvml.h: one card of the stand-in driver, which uses five joules between two questions.
// Built with LOG="FILE" it writes there what is set, with FORBIDDEN it lets nobody set anything.
#include <stdio.h>
#include <string.h>

typedef int nvmlReturn_t;
typedef struct nvmlDevice_st *nvmlDevice_t;

static int initialised, card;
static unsigned long long used = 7000;

nvmlReturn_t nvmlInit_v2(void) {
  initialised = 1;
  return 0;
}

nvmlReturn_t nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device) {
  if (!initialised) return 1;                                                     // NVML_ERROR_UNINITIALIZED
  if (strncmp(uuid, "GPU-", 4) != 0 || strlen(uuid) != 40 || uuid[12] != '-' || uuid[27] != '-') return 2;
  *device = (nvmlDevice_t)&card;
  return 0;
}

nvmlReturn_t nvmlDeviceGetTotalEnergyConsumption(nvmlDevice_t device, unsigned long long *energy) {
  if (device != (nvmlDevice_t)&card) return 2;                                    // NVML_ERROR_INVALID_ARGUMENT
  *energy = used += 5000;
  return 0;
}

#ifdef LOG
static nvmlReturn_t set(const char *what, unsigned value) {
#ifdef FORBIDDEN
  return 4;                                                                       // NVML_ERROR_NO_PERMISSION
#else
  FILE *file = fopen(LOG, "a");
  fprintf(file, "%s %u\n", what, value);
  fclose(file);
  return 0;
#endif
}

const char *nvmlErrorString(nvmlReturn_t code) { return code == 4 ? "Insufficient Permissions" : "Unknown Error"; }

nvmlReturn_t nvmlDeviceSetGpuLockedClocks(nvmlDevice_t device, unsigned least, unsigned most) {
  return least != most ? 2 : set("graphics", least);
}

nvmlReturn_t nvmlDeviceResetGpuLockedClocks(nvmlDevice_t device) { return set("graphics", 0); }

nvmlReturn_t nvmlDeviceSetMemoryLockedClocks(nvmlDevice_t device, unsigned least, unsigned most) {
  return set("memory", least);
}

nvmlReturn_t nvmlDeviceGetPowerManagementLimitConstraints(nvmlDevice_t device, unsigned *least, unsigned *most) {
  *least = 200000;
  *most = 700000;
  return 0;
}

nvmlReturn_t nvmlDeviceGetPowerManagementDefaultLimit(nvmlDevice_t device, unsigned *usual) {
  *usual = 700000;
  return 0;
}

nvmlReturn_t nvmlDeviceSetPowerManagementLimit(nvmlDevice_t device, unsigned limit) {
  return limit < 200000 || limit > 700000 ? 2 : set("power", limit);
}

nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t device, int type, unsigned *clock) {
  *clock = type == 1 ? 1410 : 1593;
  return 0;
}

nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, int sensor, unsigned *celsius) {
  *celsius = 61;
  return 0;
}

nvmlReturn_t nvmlDeviceGetCurrentClocksThrottleReasons(nvmlDevice_t device, unsigned long long *reasons) {
  *reasons = 0x1 | 0x4 | 0x40;
  return 0;
}
#endif
