import type { Clock } from './clock';
import { accessTokenText, randomHex } from './ids';
import type { GrantType } from './model';

export const TOKEN_LIFE_SECONDS = 5400;
const CODE_LIFE_MS = 10 * 60 * 1000;

export interface AccessToken {
	accessToken: string;
	refreshToken: string | null;
	grant: GrantType;
	userId: string;
	createdAt: number;
	expiresAt: number;
}

interface Code {
	redirectUri: string;
	userId: string;
	expiresAt: number;
}

/** Access tokens, refresh tokens and codes; their times are those of the virtual clock. */
export class Tokens {
	private readonly byAccess = new Map<string, AccessToken>();
	private readonly byRefresh = new Map<string, AccessToken>();
	private readonly codes = new Map<string, Code>();

	constructor(private readonly clock: Clock) {}

	issueCode(userId: string, redirectUri: string): string {
		const code = randomHex(16);
		this.codes.set(code, { redirectUri, userId, expiresAt: this.clock.now() + CODE_LIFE_MS });
		return code;
	}

	/** A code works once, within ten minutes, with the redirect URI it was requested for. */
	redeemCode(code: string, redirectUri: string): AccessToken | undefined {
		const known = this.codes.get(code);
		this.codes.delete(code);
		if (!known || known.redirectUri !== redirectUri) return undefined;
		if (known.expiresAt <= this.clock.now()) return undefined;
		return this.issue('authorizationCode', known.userId);
	}

	issue(grant: GrantType, userId: string): AccessToken {
		const now = this.clock.now();
		const token: AccessToken = {
			accessToken: accessTokenText(),
			refreshToken: grant === 'authorizationCode' ? randomHex(16) : null,
			grant,
			userId,
			createdAt: now,
			expiresAt: now + TOKEN_LIFE_SECONDS * 1000,
		};
		this.byAccess.set(token.accessToken, token);
		if (token.refreshToken !== null) this.byRefresh.set(token.refreshToken, token);
		return token;
	}

	/**
	 * Refresh tokens are single-use: a refresh returns a new pair and revokes the old one [OAUTH-REFRESH-ONCE]
	 * [OAUTH-REFRESH-ENDS-ACCESS].
	 */
	refresh(refreshToken: string): AccessToken | undefined {
		const old = this.byRefresh.get(refreshToken);
		if (!old) return undefined;
		this.revoke(refreshToken);
		return this.issue(old.grant, old.userId);
	}

	find(accessToken: string): AccessToken | undefined {
		const token = this.byAccess.get(accessToken);
		return token && token.expiresAt > this.clock.now() ? token : undefined;
	}

	expire(accessToken: string): void {
		const token = this.byAccess.get(accessToken);
		if (token) token.expiresAt = 0;
	}

	expireAll(): void {
		for (const token of this.byAccess.values()) token.expiresAt = 0;
	}

	/** Accepts either half of a pair and revokes both. */
	revoke(text: string): void {
		const token = this.byAccess.get(text) ?? this.byRefresh.get(text);
		if (!token) return;
		this.byAccess.delete(token.accessToken);
		if (token.refreshToken !== null) this.byRefresh.delete(token.refreshToken);
	}

	revokeAll(): void {
		this.byAccess.clear();
		this.byRefresh.clear();
		this.codes.clear();
	}
}
