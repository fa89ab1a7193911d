/**
 * Signatures: bytes come in, a signature goes out. The only room that sees a key; what others get
 * of it is the public half and its fingerprint. Reads {@code packages} for
 * {@link org.slipway.packages.Digest} only.
 */
@NullMarked
package org.slipway.sign;

import org.jspecify.annotations.NullMarked;
