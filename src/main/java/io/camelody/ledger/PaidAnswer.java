package io.camelody.ledger;

import io.camelody.pace.Heard;

/** What the answer to a paid call says of its vendor. @param sandbox whether it is the vendor of the sandbox */
public record PaidAnswer(String vendor, boolean sandbox, Heard heard) {}
