import type { ByteStream } from './stream-response';

/** A stream that fails when it exceeds a number of bytes. */
export interface LimitedStream {
	readonly stream: ByteStream;
	/** Whether it failed for that reason. */
	readonly isExceeded: () => boolean;
}

/** Limits a stream of unknown size, so that it cannot fill the disk or the memory. */
export function limited(stream: ByteStream, maxBytes: number): LimitedStream {
	let bytes = 0;
	const counted = stream.map((chunk: Buffer) => {
		bytes += chunk.length;
		if (bytes > maxBytes) throw new Error(`The file has more than ${maxBytes} bytes`);
		return chunk;
	});
	return { stream: counted, isExceeded: () => bytes > maxBytes };
}
