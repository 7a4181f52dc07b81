import { RESOURCE_NAMES } from '../../nodes/Procore/record/catalogue';
import { CHANGED_LISTS } from '../../nodes/Procore/record/changed-lists';
import { ENDPOINTS } from '../../nodes/Procore/record/endpoints';

/** Words of an API: field names, error texts, paths. Nothing else of a response is kept as it is. */
const WORDS = `
a able accept accepted access account accessible action actions active activity activities add added address after all
allowed already an and another any api app application applications approved area areas are array as assignee at
attempt attempts attribute attributes auth authenticate authentication authorization authorize authorized available
bad badge base blank be because been before being bid bidding bids bill body both budget bulk but by
call calls can cannot can't category categories cause change changed changes character characters check choose classic
clear client closed code company companies complete completed completion configured connect connected connection
contact contain contains content contract contracts control coordination cost count create created creating creation
credentials criteria current currently custom data date dates day days default defined delete deleted delivered
deliveries delivery denied department departments deprecated description destination detail details developers device
didn't digits direction disabled discarded display does doesn't domain done drawing drawings due duplicate
each edit either email employee empty enabled encoded end ended endpoint enqueued enter entity entry entries
environment equipment error errors estimate etag event events every example exceed exceeded except exception exist
existing exists expired expires expiry extended
fail failed failing failure false field fields file files filter filters first for forbidden form format found free from
full gateway generic get given go gone grant group
had has have header headers hook hooks host hour hours how html http https
id identifier identity ids if ignored image images in inactive include included includes incorrect information input
install installed instead integer internal into invalid is issue issues it item items its
job json key keys kind
large last later latest length less level limit line link list location locations logged login logo long longer lower
lowercase mail main maintenance malformed manage management many match matches max maximum may me media meeting
meetings member message metadata method minimum minute minutes mismatch missing mobile model modified more most
letters dashes lowercase uppercase range separated times
must name named names namespace namespaces need needs new next no none normal not null number numeric
oauth object objects observation of office offices on one only open operation option optional or order origin other out
outcome owned owner package page pages parameter parameters params parse partner path payload pdf pending per permission
permissions permitted phone plan please policy portal position post prev previous private privileges procore product
program programs project projects prohibited provide provided provider proxy public punch purchase put query queue
rate read reason received record records redirect reference refresh refused region regions rejected rel related
oauth pdf remaining remote removed repeat reports request requested requests require required requires requirement reset resource
resources response responses rest restricted result results retried retry retrying return returned revoke revoked rfi rfis
role root row rows rule safe same schedule scope scopes second seconds secret section security see seen send sent server
service session set short should show sign signature since size some sort source specification spec sso standard start
started state status stop string structure submittal submittals submitted succeeded success successful summary
support supported surpassed symbol system tags take taken task tasks team temporarily template text than that the their
them then there these they this those time timed timeout timestamp title to token tokens tool tools too top topic total
trace transfer trigger triggers true try two type types ulid unable unauthorized unavailable undefined under unexpected
unique unit unknown unless unprocessable unsupported until update updated updates upload uploads uppercase url us use
used user users using uses utc valid validate validation value values vary vendor vendors version versions via view
visible wait was we web webhook webhooks were what when where which while who will with without word words work
would wrong x y you your zone
agent alive cache complexity cookie correlation digest encoding forwarded frame hmac ip keep options pragma proto protection
ray real reset score sha signature strict transport
`;

/** Words in the names of Procore's tools and resources. */
const NAME_WORDS = `
accident action actions adjustment adjustments agreement agreements areas asset assets assignment assignments billing
bim board book budget building calendar call change changes checklist checklists claim claims code codes
commitment commitments company contract contracts coordination correspondence cost costs crew crews daily delay
delays delivery department departments direct directory discipline disciplines document documents drawing drawings
dumpster equipment erp estimate estimates estimating event events file files financials folder folders form forms
generic harm headcount image images incident incidents injuries injury inspection inspections insurance insurances
instruction instructions inventory invoice invoices item items labor layer layers line list lists location locations log
logs maintenance management manpower markup material materials meeting meetings model models modification
modifications near misses note notes observation observations office offices order orders owner package packages
payment payments permit permits phone plan plans potential prime production productivity program programs project projects
property purchase quality quantities quantity quote quotes reasons region regions request requests requisition
requisitions resource response responses revision revisions rfi rfis rfq rfqs safety schedule section sections set sets
shift site snapshot snapshots spec specification specifications stage stages standard sub sub-job sub-jobs
subcontractor submittal submittals task tasks template templates time timecard timecards timesheet timesheets tool
topic topics trade trades type types upload uploads user users vendor vendors view views violation visitor waste
weather witness work workflow workflows
`;

/** Names of programs that send HTTP requests. */
const AGENTS =
	'agent apache axios client curl excon faraday fetch go http httparty httpclient httprb java jakarta mozilla net node ' +
	'okhttp procore python requests rest restclient ruby typhoeus undici webhook webhooks';

/** Values that are terms of Procore or of HTTP. */
const TERMS = [
	...['active', 'disabled', 'classic', 'public', 'bearer', 'Bearer'],
	...['create', 'update', 'delete', 'Created', 'Completed', 'Updated', 'Deleted'],
	...['delivered', 'succeeded', 'failed', 'discarded', 'enqueued', 'retrying', 'ok', 'retried'],
	...['any', 'successful', 'failing', 'true', 'false', 'none', 'standard', 'read_only', '*'],
	...['application/json', 'text/html', 'text/plain', 'application/x-www-form-urlencoded'],
	...['invalid_grant', 'invalid_client', 'invalid_request', 'unsupported_grant_type'],
	...['authorization_code', 'client_credentials', 'refresh_token'],
];

function wordsOf(text: string): string[] {
	return text.split(/\s+/).filter((word) => word !== '');
}

const known = new Set(wordsOf(WORDS));
const nameWords = new Set(wordsOf(NAME_WORDS));
const agents = new Set(wordsOf(AGENTS));
const terms = new Set([...TERMS, ...TERMS.map((term) => term.toUpperCase()), ...RESOURCE_NAMES]);

/** The paths of the records that the package asks for, with placeholders. */
export const RECORD_PATHS: readonly string[] = [
	...Object.values(ENDPOINTS).flatMap(({ show, list }) => [show, list]),
	...Object.values(CHANGED_LISTS).map(({ list }) => list),
].flatMap((path) => path?.split('?')[0] ?? []);
const pathParts = new Set(RECORD_PATHS.flatMap((path) => path.split('/')));

/** Whether a text is a part of these paths, for example `change_order_change_reasons`. */
export function isPathPart(text: string): boolean {
	return pathParts.has(text);
}

/** Whether a word belongs to the language of an API, whatever its case. */
export function isKnownWord(word: string): boolean {
	return known.has(word.toLowerCase());
}

/** Whether a text is a term of Procore or of HTTP, or the published name of a resource. */
export function isTerm(text: string): boolean {
	return terms.has(text) || /^v\d(?:\.\d)?$/.test(text);
}

/** Whether all words of a name occur in the names of Procore's tools, for example "Asset Inspections". */
export function isToolName(name: string): boolean {
	return isTerm(name) || wordsOf(name).every((word) => nameWords.has(word.toLowerCase()));
}

/** Whether a word is the name of a program that sends requests. */
export function isAgent(word: string): boolean {
	return agents.has(word.toLowerCase());
}
