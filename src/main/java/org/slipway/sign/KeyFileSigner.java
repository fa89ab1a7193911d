package org.slipway.sign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Set;

/** A signer whose key is a file of this machine. */
final class KeyFileSigner implements Signer {
  private final KeyPair keys;
  private final byte[] publicKeyPem;

  private KeyFileSigner(KeyPair keys) {
    this.keys = keys;
    this.publicKeyPem = KeyPairFile.pem("PUBLIC KEY", keys.getPublic().getEncoded());
  }

  static KeyFileSigner open(Path folder, String name, int bits) throws IOException {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
      throw new KeyFileException("\"" + name + "\" is no key's name; use letters, digits, - and _");
    }
    if (bits < 2048 || bits > 8192) {
      throw new IllegalArgumentException("a key has 2048 to 8192 bits, not " + bits);
    }
    prepare(folder);
    Path pem = folder.resolve(name + ".pem");
    if (!Files.exists(pem, LinkOption.NOFOLLOW_LINKS)) {
      if (Files.exists(folder.resolve(name + ".pub"))) {
        // Clients trust the old key; a new one made in silence would look to them like an attack.
        throw new KeyFileException("the key "
            + pem
            + " is gone while "
            + name
            + ".pub is still there; put it back from a backup, or remove "
            + folder.resolve(name + ".pub")
            + " to have a new one made, which every client must then trust");
      }
      KeyPairFile.generate(pem, bits);
    }
    KeyFileSigner signer = new KeyFileSigner(KeyPairFile.read(pem));
    signer.tellClients(folder, name);
    return signer;
  }

  @Override
  public Signature sign(byte[] bytes) {
    try {
      java.security.Signature rsa = java.security.Signature.getInstance("SHA256withRSA");
      rsa.initSign(keys.getPrivate());
      rsa.update(bytes);
      return new Signature(rsa.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that was read as RSA does not sign", e);
    }
  }

  @Override
  public String publicKeyPem() {
    return new String(publicKeyPem, StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return "key " + fingerprint();
  }

  private static void prepare(Path folder) throws IOException {
    Set<PosixFilePermission> own = PosixFilePermissions.fromString("rwx------");
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(own));
    }
    Set<PosixFilePermission> found = Files.getPosixFilePermissions(folder);
    if (found.contains(PosixFilePermission.GROUP_WRITE)
        || found.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new KeyFileException("the key folder "
          + folder
          + " has mode "
          + PosixFilePermissions.toString(found)
          + ", so others may replace the keys; run: chmod 700 "
          + folder);
    }
  }

  private void tellClients(Path folder, String name) throws IOException {
    Path trusted = folder.resolve("fingerprints/trusted");
    Files.createDirectories(trusted);
    Files.createDirectories(folder.resolve("fingerprints/revoked"));
    String fingerprint = "function: \"sha256\"\nfingerprint: \"" + fingerprint() + "\"\n";
    keep(trusted.resolve(name), fingerprint.getBytes(StandardCharsets.US_ASCII));
    keep(folder.resolve(name + ".pub"), publicKeyPem);
  }

  private static void keep(Path file, byte[] bytes) throws IOException {
    if (!Files.exists(file)) {
      KeyPairFile.writePublic(file, bytes);
    } else if (!Arrays.equals(Files.readAllBytes(file), bytes)) {
      throw new KeyFileException(
          file + " does not belong to the key; remove it to have it written anew");
    }
  }
}
