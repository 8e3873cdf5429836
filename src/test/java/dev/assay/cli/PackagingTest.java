package dev.assay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is handed to repositories of artifacts, container engines and package managers.
class PackagingTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path home;

  /// The texts of the nodes of a pom that an XPath without namespaces finds.
  private static List<String> texts(String pom, String path) throws Exception {
    var document =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(ROOT.resolve(pom).toFile());
    var nodes =
        (NodeList)
            XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> nodes.item(i).getTextContent().strip())
        .toList();
  }

  @Test
  void aConsumerGetsThreeLibraries() throws Exception {
    var consumed =
        "/project/dependencies/dependency[not(optional='true') and not(scope='test')"
            + " and not(scope='provided')]/artifactId";
    assertThat(texts("src/pom.xml", consumed))
        .containsExactlyInAnyOrder("slf4j-api", "jackson-databind", "commons-math3");
  }

  @Test
  void thePomSaysWhatMavenCentralAsksFor() throws Exception {
    for (var element :
        List.of(
            "name",
            "description",
            "url",
            "licenses/license/name",
            "licenses/license/url",
            "developers/developer/name",
            "scm/connection",
            "scm/url")) {
      assertThat(texts("pom.xml", "/project/" + element)).as(element).doesNotContain("").hasSize(1);
    }
    assertThat(texts("src/pom.xml", "/project/name | /project/description")).hasSize(2);
  }

  @Test
  void onlyTheReleaseProfileSigns() throws Exception {
    var plugins = "/project/profiles/profile[id='release']//plugin/artifactId";
    assertThat(texts("pom.xml", plugins))
        .contains("maven-source-plugin", "maven-javadoc-plugin", "maven-gpg-plugin");
    for (var pom : List.of("pom.xml", "src/pom.xml", "benchmarks/pom.xml")) {
      var elsewhere =
          "//plugin[not(ancestor::profile/id='release')]/artifactId"
              + "[.='maven-source-plugin' or .='maven-javadoc-plugin' or .='maven-gpg-plugin']";
      assertThat(texts(pom, elsewhere)).as(pom).isEmpty();
    }
  }

  @Test
  void onlyTheProductIsDeployed() throws Exception {
    for (var pom :
        List.of(
            "benchmarks/pom.xml",
            "src/checks/pom.xml",
            "src/spark/pom.xml",
            "src/tornado/pom.xml")) {
      assertThat(texts(pom, "/project/properties/maven.deploy.skip")).as(pom).containsOnly("true");
    }
  }

  /// A tree as `assay bundle` leaves it, but for what is in it.
  private void bundle() throws IOException {
    for (var file :
        List.of("pom.xml", "packaging/assay.rb.in", "packaging/release.sh", "packaging/image.sh")) {
      Files.createDirectories(home.resolve(file).getParent());
      Files.copy(ROOT.resolve(file), home.resolve(file));
    }
    var launcher = home.resolve("target/assay-bundle/bin/assay");
    Files.createDirectories(launcher.getParent());
    Files.writeString(launcher, "#!/bin/sh\n");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
  }

  private String run(int exit, String... command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(exit);
    return said;
  }

  private static String sum(Path file) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(digest);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void theFormulaNamesArchiveAndSum() throws Exception {
    bundle();
    run(0, "packaging/release.sh", "https://example.org/assay/");
    var version = texts("pom.xml", "/project/version").getFirst();
    var archives = new ArrayList<Path>();
    try (var files = Files.list(home.resolve("target/release"))) {
      files.filter(file -> file.toString().endsWith(".tar.gz")).forEach(archives::add);
    }
    assertThat(archives).hasSize(1);
    var archive = archives.getFirst();
    assertThat(home.resolve("target/release/assay.rb"))
        .content()
        .contains("url \"https://example.org/assay/" + archive.getFileName() + "\"")
        .contains("sha256 \"" + sum(archive) + "\"")
        .contains("version \"" + version + "\"")
        .doesNotContainPattern("@[A-Z]+@");
    assertThat(run(0, "tar", "-tzf", archive.toString()).lines())
        .contains("assay-" + version + "/bin/assay")
        .allMatch(entry -> entry.startsWith("assay-" + version + "/"));
    run(2, "packaging/release.sh", "not a url");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theImageIsWhatItsDigestsSay() throws Exception {
    bundle();
    Files.createDirectories(home.resolve("root/etc"));
    Files.writeString(home.resolve("root/etc/os-release"), "ID=none\n");
    run(0, "tar", "-C", "root", "-cf", "base.tar", ".");
    run(0, "packaging/image.sh", "--base", "base.tar", "--tag", "tune:1");
    Files.createDirectories(home.resolve("image"));
    try (var files = Files.list(home.resolve("target"))) {
      var image = files.filter(file -> file.toString().endsWith(".tar")).findFirst().orElseThrow();
      run(0, "tar", "-C", "image", "-xf", image.toString());
    }
    var index = json(home.resolve("image/index.json"));
    assertThat(index.at("/manifests/0/annotations/org.opencontainers.image.ref.name").asString())
        .isEqualTo("1");
    var manifest = json(blob(index.at("/manifests/0")));
    var config = json(blob(manifest.at("/config")));
    assertThat(config.at("/config/Entrypoint/0").asString()).isEqualTo("/opt/assay/bin/assay");
    var entries = new ArrayList<String>();
    for (int i = 0; i < 2; i++) {
      var layer = blob(manifest.at("/layers/" + i));
      run(0, "sh", "-c", "gzip -dc '" + layer + "' >layer.tar");
      assertThat(config.at("/rootfs/diff_ids/" + i).asString())
          .isEqualTo("sha256:" + sum(home.resolve("layer.tar")));
      run(0, "tar", "-tf", "layer.tar").lines().forEach(entries::add);
    }
    assertThat(entries).contains("./etc/os-release", "opt/assay/bin/assay", "usr/local/bin/assay");
    var docker = json(home.resolve("image/manifest.json"));
    assertThat(docker.at("/0/RepoTags/0").asString()).isEqualTo("tune:1");
    assertThat(home.resolve("image").resolve(docker.at("/0/Config").asString())).exists();
    run(2, "packaging/image.sh", "--tag", "No Tag");
  }

  private static JsonNode json(Path file) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(file));
  }

  /// The file of a descriptor, whose size and digest are those that the descriptor says.
  private Path blob(JsonNode descriptor) throws Exception {
    var digest = descriptor.at("/digest").asString().substring("sha256:".length());
    var file = home.resolve("image/blobs/sha256").resolve(digest);
    assertThat(sum(file)).isEqualTo(digest);
    assertThat(Files.size(file)).isEqualTo(descriptor.at("/size").asLong());
    return file;
  }
}
