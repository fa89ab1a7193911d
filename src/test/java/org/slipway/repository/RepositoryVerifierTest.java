package org.slipway.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.SamplePackages;
import org.slipway.sign.KeyMaker;
import org.slipway.sign.KeyType;
import org.slipway.sign.Passphrase;
import org.slipway.sign.Signer;
import org.slipway.sign.Signing;
import org.slipway.sign.VerifyingKey;

final class RepositoryVerifierTest {
  @TempDir
  private Path home;

  private Path root;
  private Path all;
  private Signer signer = NOBODY;

  /** Stands where the real one comes before each test. */
  private static final Signer NOBODY = new Signer() {
    @Override
    public org.slipway.sign.Signature sign(byte[] message) {
      throw new IllegalStateException();
    }

    @Override
    public VerifyingKey key() {
      throw new IllegalStateException();
    }
  };

  @BeforeEach
  void makeRepository() throws IOException {
    root = home.resolve("repository");
    all = Files.createDirectories(root.resolve("All"));
    signer = Signer.open(home.resolve("keys"), "farm");
    SamplePackages.script(all, "foo", "1.0", "one");
    SamplePackages.script(all, "bar", "1.0", "two");
    create(Signing.fingerprints(List.of(signer)));
  }

  @Test
  void findsNothingInASoundRepository() throws Exception {
    RepositoryVerifier.Verified verified = verify(fingerprints());
    assertThat(verified.findings()).isEmpty();
    assertThat(verified.packages()).isEqualTo(2);
    assertThat(verified.bytes())
        .isEqualTo(Files.size(all.resolve("foo-1.0.pkg")) + Files.size(all.resolve("bar-1.0.pkg")));
    assertThat(verified.abis()).containsOnlyKeys("Linux:3.2:*");
  }

  @Test
  void verifiesEveryForm() throws Exception {
    create(Signing.publicKey(signer));
    assertThat(verify(new Trust.PublicKey(signer.key())).findings()).isEmpty();
    assertThat(messages(fingerprints()))
        .containsExactly(
            "data.pkg is not signed for clients that have fingerprints",
            "packagesite.pkg is not signed for clients that have fingerprints");
    KeyMaker.make(home.resolve("ec"), "ec", KeyType.ECDSA, 256, Passphrase.none());
    Signer ecdsa = Signer.read(home.resolve("ec/ec.pem"), Passphrase.none());
    create(Signing.publicKey(ecdsa));
    assertThat(verify(new Trust.PublicKey(ecdsa.key())).findings()).isEmpty();
    assertThat(messages(new Trust.PublicKey(signer.key())))
        .contains("data.pkg has a signature that is not this key's");
    create(Signing.fingerprints(List.of(signer, ecdsa)));
    assertThat(verify(fingerprints()).findings()).isEmpty();
    Trust other = new Trust.Fingerprints(Set.of(ecdsa.fingerprint()), Set.of());
    assertThat(verify(other).findings()).isEmpty();
    Trust revoked =
        new Trust.Fingerprints(Set.of(ecdsa.fingerprint()), Set.of(signer.fingerprint()));
    assertThat(messages(revoked)).allMatch(each -> each.contains("is signed with the revoked key"));
    create(Signing.unsigned());
    assertThat(verify(new Trust.Nobody()).findings()).isEmpty();
  }

  @Test
  void seesWhatBecameOfPackages() throws Exception {
    Path foo = all.resolve("foo-1.0.pkg");
    byte[] good = Files.readAllBytes(foo);
    byte[] flipped = good.clone();
    flipped[flipped.length / 2] ^= 1;
    Files.write(foo, flipped);
    assertThat(messages(fingerprints()))
        .containsExactly("All/foo-1.0.pkg has another sum than the catalogue says");
    Files.write(foo, new byte[3]);
    assertThat(messages(fingerprints()))
        .containsExactly("All/foo-1.0.pkg has 3 bytes where the catalogue says " + good.length);
    Files.write(foo, new byte[good.length + 70_000]);
    assertThat(messages(fingerprints()))
        .containsExactly("All/foo-1.0.pkg has more bytes where the catalogue says " + good.length);
    Files.delete(foo);
    assertThat(messages(fingerprints())).containsExactly("All/foo-1.0.pkg is not there");
  }

  @Test
  void seesWhatBecameOfTheCatalogue() throws Exception {
    byte[] site =
        StrictRepositoryReader.member(root.resolve("packagesite.pkg"), "packagesite.yaml");
    String one = new String(site, UTF_8).lines().findFirst().orElseThrow() + "\n";
    archive("packagesite.pkg", "packagesite.yaml", one);
    assertThat(messages(fingerprints()))
        .containsExactly("data.pkg lists other packages than packagesite.pkg");
    Files.write(root.resolve("packagesite.pkg"), new byte[100]);
    assertThat(messages(fingerprints()))
        .anyMatch(each -> each.startsWith("packagesite.pkg has no member"));
    Files.delete(root.resolve("packagesite.pkg"));
    assertThat(verify(fingerprints()).findings()).isEmpty();
    archive("data.pkg", "data", "{\"packages\":[{\"name\":");
    assertThat(messages(fingerprints())).anyMatch(each -> each.startsWith("data.pkg is no JSON"));
    Files.delete(root.resolve("data.pkg"));
    assertThatThrownBy(() -> verify(fingerprints()))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("is no repository: it has no catalogue");
  }

  @Test
  void seesWhatClientsWouldStumbleOver() throws Exception {
    archive(
        "data.pkg",
        "data",
        "{\"groups\":[],\"packages\":[" + entry("a", "FreeBSD:14:amd64", "x", "../a.pkg") + ","
            + entry("b", "FreeBSD:14:amd64", "a", "All/b.pkg") + ","
            + entry("c", "FreeBSD:13:amd64", "a", "All/c.pkg") + "]}\n");
    Files.delete(root.resolve("packagesite.pkg"));
    assertThat(messages(fingerprints()))
        .containsExactlyInAnyOrder(
            "a-1 needs x, which is not in the repository",
            "a-1 has no path that a client could fetch",
            "b-1 cannot be checked, because its sum is of a kind that is not known: 9$zz",
            "c-1 cannot be checked, because its sum is of a kind that is not known: 9$zz",
            "c-1 is for FreeBSD:13:amd64 where others are for FreeBSD:14:amd64, so that clients"
                + " refuse the whole repository");
  }

  @Test
  void saysWhereNobodyAnswers() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    String address = "http://127.0.0.1:" + free + "/";
    assertThatThrownBy(() -> RepositoryFiles.of(URI.create(address)).open("meta.conf"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("nobody answers at " + address);
    assertThatThrownBy(() -> RepositoryFiles.of(URI.create(address)).open("All/a b.pkg"))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("is no address that can be fetched from");
  }

  @Test
  void readsRepositoriesBehindAnAddress() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      Path file = home.resolve(exchange.getRequestURI().getPath().substring(1));
      boolean there = Files.isRegularFile(file);
      exchange.sendResponseHeaders(there ? 200 : 404, there ? 0 : -1);
      if (there) {
        Files.copy(file, exchange.getResponseBody());
      }
      exchange.close();
    });
    server.start();
    try {
      String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/repository";
      RepositoryFiles files = RepositoryFiles.of(URI.create(address));
      assertThat(new RepositoryVerifier(files, fingerprints(), FolderWatch.NOBODY)
              .verify()
              .findings())
          .isEmpty();
      Files.delete(all.resolve("bar-1.0.pkg"));
      assertThat(new RepositoryVerifier(files, fingerprints(), FolderWatch.NOBODY)
              .verify()
              .findings())
          .containsExactly(new Finding("All/bar-1.0.pkg", "is not there"));
    } finally {
      server.stop(0);
    }
  }

  /**
   * Made by {@code pkg create} and {@code pkg repo -l -h} of pkg 2.8.99 with an RSA key: sums of
   * another kind, a meta.conf in UCL, signatures with a zero byte at their end.
   */
  @Test
  void takesWhatPkgItselfWrites() throws Exception {
    Path theirs = Path.of(
        Objects.requireNonNull(getClass().getResource("/pkg-repo/meta.conf")).toURI());
    Path copy = home.resolve("theirs");
    try (Stream<Path> files = Files.walk(theirs.resolveSibling(""))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(theirs.resolveSibling("").relativize(file).toString());
        Files.createDirectories(target.resolveSibling(""));
        Files.copy(file, target);
      }
    }
    Trust trust = new Trust.PublicKey(VerifyingKey.read(copy.resolve("key.pub")));
    RepositoryVerifier.Verified verified =
        new RepositoryVerifier(RepositoryFiles.of(copy), trust, FolderWatch.NOBODY).verify();
    assertThat(verified.findings()).isEmpty();
    assertThat(verified.packages()).isEqualTo(2);
    Path app;
    try (Stream<Path> files = Files.list(copy.resolve("All/Hashed"))) {
      app = files.filter(file -> file.toString().contains("app-")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(app);
    bytes[bytes.length - 1] ^= 1;
    Files.write(app, bytes);
    assertThat(new RepositoryVerifier(RepositoryFiles.of(copy), trust, FolderWatch.NOBODY)
            .verify()
            .findings())
        .extracting(Finding::message)
        .containsExactly("has another sum than the catalogue says");
  }

  @Test
  void fitsAbisAsPkgDoes() {
    for (String fits : List.of(
        "FreeBSD:14:amd64",
        "freebsd:14:AMD64",
        "FreeBSD:14:*",
        "*",
        "FreeBSD:14",
        "FreeBSD:*:amd64",
        "FreeBSD:1?:amd64",
        "")) {
      assertThat(AbiRule.fits(fits, "FreeBSD:14:amd64")).as(fits).isTrue();
    }
    for (String other :
        List.of("FreeBSD:13:amd64", "FreeBSD:14:arm*", "FreeBSD:14:amd64:x", "Linux:*")) {
      assertThat(AbiRule.fits(other, "FreeBSD:14:amd64")).as(other).isFalse();
    }
  }

  private static String entry(String name, String abi, String needs, String path) {
    return ("{\"name\":\"%s\",\"version\":\"1\",\"origin\":\"misc/%s\",\"abi\":\"%s\",\"deps\":{\"%s\":"
            + "{\"origin\":\"misc/x\",\"version\":\"1\"}},\"path\":\"%s\",\"sum\":\"9$zz\",\"pkgsize\":1}")
        .formatted(name, name, abi, needs, path);
  }

  private void create(Signing signing) throws IOException {
    new FolderRepository(root, signing, Terms.of(SamplePackages.ABI), CatalogueHead.EMPTY)
        .create(FolderWatch.NOBODY);
    try (Stream<Path> spools = Files.list(all)) {
      for (Path spool : spools.filter(p -> p.toString().contains("spool-")).toList()) {
        Files.delete(spool);
      }
    }
  }

  private void archive(String file, String member, String text) throws IOException {
    byte[] bytes =
        SignedArchive.of(member, text.getBytes(UTF_8), Signing.fingerprints(List.of(signer)));
    Files.write(root.resolve(file), bytes);
  }

  private Trust fingerprints() throws IOException {
    return Trust.fingerprints(home.resolve("keys/fingerprints"));
  }

  private RepositoryVerifier.Verified verify(Trust trust) throws IOException {
    return new RepositoryVerifier(RepositoryFiles.of(root), trust, FolderWatch.NOBODY).verify();
  }

  private List<String> messages(Trust trust) throws IOException {
    return verify(trust).findings().stream().map(Finding::toString).toList();
  }
}
