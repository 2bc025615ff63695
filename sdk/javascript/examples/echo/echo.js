// Answers every Request with its own body and blob.
for (;;) {
  const mail = receive();
  if (mail.kind === "request") respond({ body: mail.body, blob: getBlob() });
}
