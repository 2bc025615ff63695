/** Answers every Request with its own body and blob. */
import { Address, getBlob, receive, respond } from "ashlar";

export function main(our: Address): void {
  while (true) {
    const mail = receive();
    if (mail.isRequest) respond(mail.body, getBlob());
  }
}
