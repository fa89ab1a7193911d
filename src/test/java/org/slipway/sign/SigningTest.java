package org.slipway.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes that pkg clients find before a member, checked without what made them. */
final class SigningTest {
  /** SHA-256 and BLAKE2b-512 of "abc", from FIPS 180 and RFC 7693. */
  private static final byte[] SHA256 =
      ascii("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

  private static final byte[] BLAKE2 = HexFormat.of()
      .parseHex("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
          + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");

  private static final String PREFIX = "$PKGSIGN:ecdsa$";

  @TempDir
  Path folder;

  @Test
  void writesRsaFingerprintsAsEveryClientReadsThem() throws Exception {
    List<SignatureMember> members = members(Signing.fingerprints(List.of(rsa())));
    assertThat(names(members)).containsExactly("data.sig", "data.pub");
    assertThat(members.get(1).bytes()).isEqualTo(SampleKeys.bytes("rsa.pub"));
    assertThat(verifiesRsa(members.get(0).bytes())).isTrue();
  }

  @Test
  void writesAnRsaSignatureAloneWhereClientsHaveTheKey() throws Exception {
    List<SignatureMember> members = members(Signing.publicKey(rsa()));
    assertThat(names(members)).containsExactly("signature");
    assertThat(verifiesRsa(members.get(0).bytes())).isTrue();
  }

  @Test
  void writesEcdsaFingerprintsOverTheHexDigitsWithPrefixes() throws Exception {
    List<SignatureMember> members = members(Signing.fingerprints(List.of(ecdsa())));
    assertThat(names(members)).containsExactly("data.sig", "data.pub");
    assertThat(afterPrefix(members.get(1))).isEqualTo(SampleKeys.bytes("ec.pub"));
    byte[] signature = afterPrefix(members.get(0));
    assertThat(PlainEcdsa.verifies(SampleKeys.bytes("ec.pub"), SHA256, signature))
        .isTrue();
    assertThat(PlainEcdsa.verifies(SampleKeys.bytes("ec.pub"), BLAKE2, signature))
        .isFalse();
  }

  @Test
  void writesAnEcdsaSignatureOverBlake2WhereClientsHaveTheKey() throws Exception {
    List<SignatureMember> members = members(Signing.publicKey(ecdsa()));
    assertThat(names(members)).containsExactly("signature");
    byte[] signature = afterPrefix(members.get(0));
    assertThat(PlainEcdsa.verifies(SampleKeys.bytes("ec.pub"), BLAKE2, signature))
        .isTrue();
    assertThat(PlainEcdsa.verifies(SampleKeys.bytes("pkg-ecdsa.pub"), BLAKE2, signature))
        .isFalse();
  }

  @Test
  void givesEachKeyOfARotationAPairOfNamesOfItsOwn() throws Exception {
    Signer fresh = read("pkg-ecdsa.der");
    List<SignatureMember> members = members(Signing.fingerprints(List.of(rsa(), ecdsa(), fresh)));
    assertThat(names(members))
        .containsExactly(
            "data.sig", "data.pub", "data.2.sig", "data.2.pub", "data.3.sig", "data.3.pub");
    assertThat(verifiesRsa(members.get(0).bytes())).isTrue();
    assertThat(PlainEcdsa.verifies(SampleKeys.bytes("ec.pub"), SHA256, afterPrefix(members.get(2))))
        .isTrue();
    assertThat(PlainEcdsa.verifies(
            SampleKeys.bytes("pkg-ecdsa.pub"), SHA256, afterPrefix(members.get(4))))
        .isTrue();
  }

  @Test
  void writesNothingWhereNobodySigns() throws Exception {
    assertThat(members(Signing.unsigned())).isEmpty();
    assertThat(Signing.unsigned().fingerprints()).isEmpty();
  }

  @Test
  void signsEqualBytesEquallyHoweverTheyCame() throws Exception {
    Signing signing = Signing.fingerprints(List.of(ecdsa(), rsa()));
    Signing.Content slow = signing.begin("data");
    for (byte each : ascii("-abc-")) {
      if (each != '-') {
        slow.update(new byte[] {0, each, 0}, 1, 1);
      }
    }
    List<SignatureMember> one = slow.members();
    List<SignatureMember> other = members(signing);
    for (int i = 0; i < one.size(); i++) {
      assertThat(one.get(i).bytes()).isEqualTo(other.get(i).bytes());
    }
  }

  /**
   * Key 1 and this message have a signature that many programs agree on (RFC 6979 on secp256k1); it is
   * published with the smaller of the two second numbers that are equally good.
   */
  @Test
  void derivesItsNonceAsTheStandardSays() {
    ECNamedDomainParameters curve = Curve.byName(Curve.DEFAULT).orElseThrow();
    SigningKey one = new SigningKey.Ecdsa(new ECPrivateKeyParameters(BigInteger.ONE, curve));
    String larger = curve
        .getN()
        .subtract(
            new BigInteger("2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5", 16))
        .toString(16);
    assertThat(HexFormat.of().formatHex(one.sign(ascii("Satoshi Nakamoto")).bytes()))
        .isEqualTo("3046"
            + "022100934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
            + "022100"
            + larger);
  }

  @Test
  void refusesWhatPkgCouldNotRead() throws Exception {
    Signer rsa = rsa();
    assertThatIllegalArgumentException().isThrownBy(() -> Signing.fingerprints(List.of()));
    assertThatThrownBy(() -> Signing.of(Signing.Form.FINGERPRINTS, List.of(rsa, rsa)))
        .isInstanceOf(KeyFileException.class)
        .hasMessage("one key is named twice; give each key that signs once");
    assertThatThrownBy(() -> Signing.of(Signing.Form.PUBKEY, List.of(rsa, ecdsa())))
        .hasMessage("2 keys cannot sign in the form pubkey; give one, or use fingerprints");
    assertThatThrownBy(() -> Signing.of(Signing.Form.UNSIGNED, List.of(rsa)))
        .hasMessage("a repository with a key is not unsigned; name one of both");
    assertThatThrownBy(() -> Signing.of(
            Signing.Form.FINGERPRINTS,
            List.of(
                rsa,
                ecdsa(),
                read("pkg-ecdsa.der"),
                read("ec-p384.pem"),
                read("ec-brainpool.pem"))))
        .hasMessage("5 keys cannot sign; pkg reads the signatures of 1 to 4");
  }

  @Test
  void refusesAProgramThatWouldHaveToSignMoreThanASha256() throws Exception {
    Signer known = ecdsa();
    SigningProgram program = (argv, time, input) ->
        ExternalSignerTest.reply("ecdsa", known.sign(ExternalSignerTest.line(input)), known.key());
    Signer signer = Signer.command(List.of("sign"), Duration.ofSeconds(1), program);
    assertThatThrownBy(() -> Signing.of(Signing.Form.PUBKEY, List.of(signer)))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("a signing command cannot sign in the form pubkey with an ecdsa key");
    assertThat(members(Signing.fingerprints(List.of(signer)))).hasSize(2);
  }

  private Signer rsa() throws Exception {
    return read("rsa-pkcs8.pem");
  }

  private Signer ecdsa() throws Exception {
    return read("ec-pkcs8.pem");
  }

  private Signer read(String name) throws Exception {
    return Signer.read(SampleKeys.copy(name, folder), Passphrase.none());
  }

  private static List<SignatureMember> members(Signing signing) throws Exception {
    Signing.Content content = signing.begin("data");
    content.update(ascii("abc"), 0, 3);
    return content.members();
  }

  private static List<String> names(List<SignatureMember> members) {
    return members.stream().map(SignatureMember::name).toList();
  }

  private static byte[] afterPrefix(SignatureMember member) {
    byte[] bytes = member.bytes();
    assertThat(new String(bytes, 0, PREFIX.length(), StandardCharsets.US_ASCII)).isEqualTo(PREFIX);
    return Arrays.copyOfRange(bytes, PREFIX.length(), bytes.length);
  }

  private static boolean verifiesRsa(byte[] signature) throws Exception {
    String body = new String(SampleKeys.bytes("rsa.pub"), StandardCharsets.US_ASCII)
        .replaceAll("-----[A-Z ]+-----", "");
    PublicKey key = KeyFactory.getInstance("RSA")
        .generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
    java.security.Signature check = java.security.Signature.getInstance("SHA256withRSA");
    check.initVerify(key);
    check.update(SHA256);
    return check.verify(signature);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
