// A libnvidia-ml for tests, with the signatures of nvml.h: one card of the stand-in driver, which uses five joules between two questions.
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
