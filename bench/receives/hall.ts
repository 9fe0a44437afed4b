/** Everything a measurement of receiving needs. */
import type { Gateway } from "../stack/gateway.js";
import type { Rest } from "../stack/rest.js";
import type { Cast } from "./cast.js";
import type { Customer } from "./customer.js";

export interface Hall {
  gateway: Gateway;
  rest: Rest;
  cast: Cast;
  customer: Customer;
}
