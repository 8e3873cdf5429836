package dev.assay.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.device.Check;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/// Devices that this machine need not have.
class DeviceChoiceTest {
  private static final DeviceFacts PROCESSOR = device("0:0", "a processor", "CPU", true);
  private static final DeviceFacts CARD = device("0:1", "GPU One", "GPU", true);
  private static final DeviceFacts PHONE = device("0:2", "GPU Zero", "GPU", false);
  private static final DeviceFacts PTX =
      new DeviceFacts(
          "1:0", TornadoVMBackendType.PTX, "GPU One", "GPU", true, 1L << 30, 8, "", untouched());

  private static DeviceFacts device(String address, String name, String type, boolean doubles) {
    return new DeviceFacts(
        address, TornadoVMBackendType.OPENCL, name, type, doubles, 1L << 30, 8, "1.0", untouched());
  }

  /// Nobody may ask a device that is still to be chosen.
  private static TornadoDevice untouched() {
    return (TornadoDevice)
        Proxy.newProxyInstance(
            TornadoDevice.class.getClassLoader(),
            new Class<?>[] {TornadoDevice.class},
            (_, method, _) -> {
              throw new AssertionError(method.getName());
            });
  }

  private static DeviceFacts chosen(@Nullable String wanted, DeviceFacts... devices) {
    return ((DeviceChoice.Chosen) DeviceChoice.among(List.of(devices), wanted)).device();
  }

  private static String refused(@Nullable String wanted, DeviceFacts... devices) {
    var why = ((DeviceChoice.Refused) DeviceChoice.among(List.of(devices), wanted)).why();
    assertThat(why.mend()).isNotBlank();
    return why.reason();
  }

  @Test
  void aCardWithDoublesGoesFirst() {
    assertThat(chosen(null, PROCESSOR, PHONE, CARD)).isSameAs(CARD);
    assertThat(chosen(" ", PTX, PHONE, PROCESSOR)).isSameAs(PROCESSOR);
  }

  @Test
  void addressesAndPartsOfNamesChoose() {
    assertThat(chosen("0:0", PROCESSOR, CARD)).isSameAs(PROCESSOR);
    assertThat(chosen("gpu one", PROCESSOR, CARD)).isSameAs(CARD);
    assertThat(refused("0:7", PROCESSOR, CARD)).contains("no device 0:7", "0:0", "0:1");
    assertThat(refused("radeon", PROCESSOR)).contains("no device radeon");
  }

  @Test
  void whatCannotCalculateInDoublesIsRefused() {
    assertThat(refused(null)).contains("finds no device");
    assertThat(refused(null, PHONE)).contains("GPU Zero has no FP64");
    assertThat(refused("0:2", PROCESSOR, PHONE)).contains("GPU Zero has no FP64");
    assertThat(refused(null, PTX)).contains("PTX", "single precision");
    assertThat(refused("1:0", PROCESSOR, PTX)).contains("PTX", "single precision");
  }

  @Test
  void whatADeviceGetsWrongIsNamed() {
    var checks =
        List.of(new Check("likelihood", 1e-13, 1e-9, 1), new Check("posterior", 3e-4, 1e-9, 1));
    assertThat(TornadoBackend.wrong(checks))
        .isEqualTo("posterior is off by 3.0e-04, more than 1.0e-09");
  }
}
