import { webcrypto } from 'node:crypto';

// Node 18 has it under a name of its own only.
globalThis.crypto ??= webcrypto;
