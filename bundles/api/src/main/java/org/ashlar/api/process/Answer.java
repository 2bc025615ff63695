package org.ashlar.api.process;

import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Response;

/** The one Response to a Request, and who gave it: with a chain, not necessarily the process that was asked. */
public record Answer(Address source, Response response, Optional<Blob> blob) { }
