/** The raw socket of the conformance checks, for the tests: it does what no client should. */
export { Opcode, RawSocket } from "../../cli/conformance/raw_socket.ts";
