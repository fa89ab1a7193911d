package org.slipway.sign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Digest;

/**
 * How a repository is signed: the form, and who signs. A client is told the same form in its
 * repository configuration, {@code signature_type} (pkg.conf(5)).
 */
public final class Signing {
  /** What pkg reads of an archive's signatures is two members each, eight in all. */
  private static final int MOST_SIGNERS = 4;

  /** The forms that pkg knows. */
  public enum Form {
    /** The client has the public key's fingerprint; several keys may sign at once. */
    FINGERPRINTS,
    /** The client has the public key itself; one key signs. */
    PUBKEY,
    /** Nobody signs. */
    UNSIGNED
  }

  private final Form form;
  private final List<Signer> signers;

  private Signing(Form form, List<Signer> signers) {
    this.form = form;
    this.signers = List.copyOf(signers);
  }

  /** Nobody signs; to be chosen by name only, never where a key is missing. */
  public static Signing unsigned() {
    return new Signing(Form.UNSIGNED, List.of());
  }

  /**
   * Clients trust fingerprints.
   *
   * @param signers 1 to 4 with different keys; several while a key is replaced by another
   */
  public static Signing fingerprints(List<Signer> signers) {
    return checked(Form.FINGERPRINTS, signers);
  }

  /**
   * Clients have the public key.
   *
   * @param signer not a program with an ECDSA key, which would have to sign more than a SHA-256
   */
  public static Signing publicKey(Signer signer) {
    return checked(Form.PUBKEY, List.of(signer));
  }

  /**
   * What a person asked for.
   *
   * @throws KeyFileException when these keys cannot sign in this form; the message says why
   */
  public static Signing of(Form form, List<Signer> signers) throws KeyFileException {
    String fault = fault(form, signers);
    if (!fault.isEmpty()) {
      throw new KeyFileException(fault);
    }
    return new Signing(form, signers);
  }

  private static Signing checked(Form form, List<Signer> signers) {
    String fault = fault(form, signers);
    if (!fault.isEmpty()) {
      throw new IllegalArgumentException(fault);
    }
    return new Signing(form, signers);
  }

  private static String fault(Form form, List<Signer> signers) {
    int count = signers.size();
    if (new HashSet<>(signers.stream().map(Signer::fingerprint).toList()).size() < count) {
      return "one key is named twice; give each key that signs once";
    }
    return switch (form) {
      case UNSIGNED -> count > 0 ? "a repository with a key is not unsigned; name one of both" : "";
      case FINGERPRINTS ->
        count == 0 || count > MOST_SIGNERS
            ? count + " keys cannot sign; pkg reads the signatures of 1 to " + MOST_SIGNERS
            : "";
      case PUBKEY -> {
        if (count != 1) {
          yield count + " keys cannot sign in the form pubkey; give one, or use fingerprints";
        }
        yield needsBlake2(signers.get(0)) && !signers.get(0).signsAnyMessage()
            ? "a signing command cannot sign in the form pubkey with an ecdsa key: pkg wants the"
                + " catalogue's BLAKE2b signed there and tells a command its SHA-256; use the form"
                + " fingerprints"
            : "";
      }
    };
  }

  public Form form() {
    return form;
  }

  /** Fingerprints of the keys that sign, in their order; with the form what makes signatures differ. */
  public List<Digest> fingerprints() {
    return signers.stream().map(Signer::fingerprint).toList();
  }

  /**
   * Begins with one member of an archive.
   *
   * @param name such as {@code data} or {@code packagesite.yaml}
   */
  public Content begin(String name) {
    return new Content(name);
  }

  /** Such as {@code fingerprints of [rsa key 0123...]}. */
  @Override
  public String toString() {
    return form.name().toLowerCase(Locale.ROOT) + " of " + signers;
  }

  private static boolean needsBlake2(Signer signer) {
    return signer.key().type() != KeyType.RSA;
  }

  /** A member on its way into an archive: told of all bytes, it gives what stands before it. */
  public final class Content {
    private final String name;
    private final @Nullable MessageDigest sha256;
    private final @Nullable Blake2bDigest blake2;

    private Content(String name) {
      this.name = name;
      boolean raw = form == Form.PUBKEY && needsBlake2(signers.get(0));
      this.blake2 = raw ? new Blake2bDigest(512) : null;
      this.sha256 = raw || form == Form.UNSIGNED ? null : Digest.sha256();
    }

    /** The next bytes of the member. */
    public void update(byte[] bytes, int offset, int length) {
      if (sha256 != null) {
        sha256.update(bytes, offset, length);
      }
      if (blake2 != null) {
        blake2.update(bytes, offset, length);
      }
    }

    /**
     * To be asked once, when all bytes were told; empty for an unsigned repository. In the form
     * fingerprints the second key's members are {@code NAME.2.sig} and {@code NAME.2.pub}, because
     * pkg tells the pairs apart by their names alone.
     *
     * @throws KeyFileException when a program outside did not sign
     */
    public List<SignatureMember> members() throws IOException {
      byte[] message = message();
      List<SignatureMember> members = new ArrayList<>();
      for (int i = 0; i < signers.size(); i++) {
        Signer signer = signers.get(i);
        byte[] prefix = signer.key().type().prefix().getBytes(StandardCharsets.US_ASCII);
        byte[] signature = joined(prefix, signer.sign(message).bytes());
        if (form == Form.PUBKEY) {
          members.add(new SignatureMember("signature", signature));
        } else {
          String pair = i == 0 ? name : name + "." + (i + 1);
          members.add(new SignatureMember(pair + ".sig", signature));
          members.add(
              new SignatureMember(pair + ".pub", joined(prefix, signer.key().bytes())));
        }
      }
      return members;
    }

    private byte[] message() {
      if (blake2 != null) {
        byte[] digest = new byte[blake2.getDigestSize()];
        blake2.doFinal(digest, 0);
        return digest;
      }
      return sha256 == null
          ? new byte[0]
          : HexFormat.of().formatHex(sha256.digest()).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] joined(byte[] prefix, byte[] rest) {
      byte[] all = Arrays.copyOf(prefix, prefix.length + rest.length);
      System.arraycopy(rest, 0, all, prefix.length, rest.length);
      return all;
    }
  }
}
