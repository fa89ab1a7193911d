package org.slipway.sign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;

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

  private static final int MOST_BYTES = 1 << 16;

  /** Rounds that make guessing a passphrase dear; openssl 3 writes 2048. */
  private static final int ROUNDS = 300_000;

  private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
      PosixFilePermission.GROUP_READ,
      PosixFilePermission.GROUP_WRITE,
      PosixFilePermission.GROUP_EXECUTE,
      PosixFilePermission.OTHERS_READ,
      PosixFilePermission.OTHERS_WRITE,
      PosixFilePermission.OTHERS_EXECUTE);

  private KeyPairFile() {}

  /** Writes a key where there is none; false where another process was faster, whose key stays. */
  static boolean write(Path pem, SigningKey key, Passphrase passphrase) throws IOException {
    byte[] der = key.encoded();
    byte[] text = new byte[0];
    try {
      text = passphrase.isNone()
          ? Pem.encode("PRIVATE KEY", der)
          : Pem.encode("ENCRYPTED PRIVATE KEY", encrypted(der, passphrase));
      return writeSecret(pem, text);
    } finally {
      Arrays.fill(der, (byte) 0);
      Arrays.fill(text, (byte) 0);
    }
  }

  /** Reads a key and derives its public half. */
  static SigningKey read(Path pem, Passphrase passphrase) throws IOException {
    byte[] bytes = new byte[0];
    try {
      requireOwn("the key ", pem);
      bytes = secret(pem, MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new KeyFileException("the key " + pem + " is too long to be one");
      }
      return PrivateKeys.decode(bytes, pem, passphrase);
    } catch (NoSuchFileException e) {
      throw new KeyFileException("there is no key " + pem);
    } catch (AccessDeniedException e) {
      throw new KeyFileException(
          "the key " + pem + " is not readable; run this as the user who owns it");
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
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

  /**
   * Refuses a secret that others may read or exchange.
   *
   * @param what begins the sentence, such as "the key "
   */
  static void requireOwn(String what, Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new KeyFileException(what + file + " is not a regular file");
    }
    Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
    if (found.stream().anyMatch(OTHERS::contains)) {
      throw new KeyFileException(what
          + file
          + " has mode "
          + PosixFilePermissions.toString(found)
          + ", so others may use it; run: chmod 600 "
          + file);
    }
  }

  /**
   * A secret's beginning, of which no copy stays behind as it would in a stream's own buffers.
   *
   * @param most bytes to read
   */
  static byte[] secret(Path file, int most) throws IOException {
    byte[] room = new byte[most];
    int count = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = 0; read >= 0 && count < most; count += Math.max(read, 0)) {
        read = in.read(room, count, most - count);
      }
      return Arrays.copyOf(room, count);
    } finally {
      Arrays.fill(room, (byte) 0);
    }
  }

  /** PBES2 with AES-256-CBC and PBKDF2 over HMAC-SHA-256, as openssl 3 does. */
  private static byte[] encrypted(byte[] der, Passphrase passphrase) throws IOException {
    char[] word = passphrase.read();
    try {
      return new PKCS8EncryptedPrivateKeyInfoBuilder(PrivateKeyInfo.getInstance(der))
          .build(new JceOpenSSLPKCS8EncryptorBuilder(NISTObjectIdentifiers.id_aes256_CBC)
              .setProvider(new BouncyCastleProvider())
              .setPRF(new AlgorithmIdentifier(
                  PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE))
              .setIterationCount(ROUNDS)
              .setPassword(word)
              .build())
          .getEncoded();
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("the ways to encrypt a key are missing", e);
    } finally {
      Arrays.fill(word, '\0');
    }
  }

  private static boolean writeSecret(Path pem, byte[] text) throws IOException {
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
      return false;
    } finally {
      Files.deleteIfExists(temporary);
    }
    syncFolder(folder);
    return true;
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
