package org.slipway.sign;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * A signing key as a file, {@code NAME.pem} in PKCS#8: made once, in mode 0600, and only ever read
 * after. It appears whole or not at all, whenever the farm is killed.
 */
final class KeyPairFile {
  /**
   * What {@code pkg key --create} makes too (libpkg/pkgsign_ossl.c). A key of 4096 bits took 5 to 8
   * s to make on two busy cores, which a first start would wait for; who wants one asks for it.
   */
  static final int DEFAULT_BITS = 2048;

  private static final int LEAST_BITS = 2048;
  private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
      PosixFilePermission.GROUP_READ,
      PosixFilePermission.GROUP_WRITE,
      PosixFilePermission.GROUP_EXECUTE,
      PosixFilePermission.OTHERS_READ,
      PosixFilePermission.OTHERS_WRITE,
      PosixFilePermission.OTHERS_EXECUTE);

  private KeyPairFile() {}

  /** Makes a key where there is none; where another process was faster, its key stays. */
  static void generate(Path pem, int bits) throws IOException {
    KeyPairGenerator generator;
    try {
      generator = KeyPairGenerator.getInstance("RSA");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has RSA", e);
    }
    generator.initialize(bits);
    byte[] text = pem("PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded());
    Path folder = pem.toAbsolutePath().resolveSibling("");
    Path temporary = Files.createTempFile(
        folder,
        ".new-",
        ".pem",
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      writeAndSync(temporary, text);
      try {
        // Unlike a rename, a link never takes another key's place.
        Files.createLink(pem, temporary);
      } catch (UnsupportedOperationException e) {
        Files.move(temporary, pem, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (FileAlreadyExistsException e) {
      return;
    } finally {
      Files.deleteIfExists(temporary);
    }
    syncFolder(folder);
  }

  /** Reads a key and derives its public half. */
  static KeyPair read(Path pem) throws IOException {
    requireOwn(pem);
    String text;
    try {
      text = Files.readString(pem, StandardCharsets.US_ASCII);
    } catch (AccessDeniedException e) {
      throw new KeyFileException(
          "the key " + pem + " is not readable; run the farm as the user who owns it");
    } catch (CharacterCodingException e) {
      throw damaged(pem);
    }
    if (text.contains("BEGIN RSA PRIVATE KEY")) {
      throw new KeyFileException(
          "the key " + pem + " is in PKCS#1; convert it with: openssl pkcs8 -topk8 -nocrypt");
    }
    try {
      KeyFactory factory = KeyFactory.getInstance("RSA");
      if (!(factory.generatePrivate(new PKCS8EncodedKeySpec(body(text, pem)))
          instanceof RSAPrivateCrtKey key)) {
        throw damaged(pem);
      }
      if (key.getModulus().bitLength() < LEAST_BITS) {
        throw new KeyFileException(
            "the key " + pem + " has less than " + LEAST_BITS + " bits; make a longer one");
      }
      PublicKey publicKey =
          factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
      return new KeyPair(publicKey, key);
    } catch (GeneralSecurityException e) {
      throw damaged(pem);
    }
  }

  /** A PEM text, lines of 64 characters, as openssl writes it. */
  static byte[] pem(String kind, byte[] der) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    String text = "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A public file next to the key: written whole, then put in place. */
  static void writePublic(Path file, byte[] bytes) throws IOException {
    Path folder = file.toAbsolutePath().resolveSibling("");
    Path temporary = Files.createTempFile(folder, ".new-", ".tmp");
    try {
      writeAndSync(temporary, bytes);
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    syncFolder(folder);
  }

  private static byte[] body(String text, Path pem) throws KeyFileException {
    String begin = "-----BEGIN PRIVATE KEY-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END PRIVATE KEY-----");
    if (from < 0 || to < from) {
      throw damaged(pem);
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw damaged(pem);
    }
  }

  private static void requireOwn(Path pem) throws IOException {
    if (!Files.isRegularFile(pem, LinkOption.NOFOLLOW_LINKS)) {
      throw new KeyFileException("the key " + pem + " is not a regular file");
    }
    Set<PosixFilePermission> found = Files.getPosixFilePermissions(pem);
    if (found.stream().anyMatch(OTHERS::contains)) {
      throw new KeyFileException("the key "
          + pem
          + " has mode "
          + PosixFilePermissions.toString(found)
          + ", so others may use it; run: chmod 600 "
          + pem);
    }
  }

  private static KeyFileException damaged(Path pem) {
    return new KeyFileException("the key "
        + pem
        + " is no RSA key in PKCS#8 (PEM); put it back from a backup, or move it away to have"
        + " a new one made, which every client must then trust");
  }

  private static void writeAndSync(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  private static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
