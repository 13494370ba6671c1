import { siteSuite } from './siteSuite.js';

siteSuite('mariadb');
